@node "%~dp0bin\m365-offline.js" %*
