@setlocal
@set "node=node"
@if exist "%~dp0node\node.exe" set "node=%~dp0node\node.exe"
@"%node%" "%~dp0bin\m365-offline.js" %*
