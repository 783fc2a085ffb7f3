import { beforeAll, expect, test } from "vitest";
import { Workdir, type Imported } from "../workdir.ts";

/** Reports as public pages and repositories show them: file, dataset, header and a row where one is known. */
const reports: readonly (readonly [file: string, dataset: string | null, lines: readonly string[]])[] = [
  [
    "getOneDriveActivityUserDetail.csv",
    "onedrive_activity_user_detail",
    [
      "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Assigned Products,Report Period",
      "2023-05-20,30B283368E548933B1D03A64A6B14A89,False,,2022-12-27,0,0,0,0,MICROSOFT POWER APPS PLAN 2 TRIAL+POWER VIRTUAL AGENTS VIRAL TRIAL+MICROSOFT POWER AUTOMATE FREE+POWER BI (FREE)+OFFICE 365 E3 DEVELOPER,7",
    ],
  ],
  [
    "getSharePointActivityUserDetail.csv",
    "sharepoint_activity_user_detail",
    [
      "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,Visited Page Count,Assigned Products,Report Period",
      "2022-11-26,Amanda.Powell@contoso.onmicrosoft.com,False,,2022-09-08,0,0,0,0,0,MICROSOFT 365 E5 DEVELOPER (WITHOUT WINDOWS AND AUDIO CONFERENCING)+MICROSOFT POWER AUTOMATE FREE,7",
    ],
  ],
  [
    "getSharePointSiteUsageDetail.csv",
    "sharepoint_site_usage_detail",
    [
      "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Page View Count,Visited Page Count,Storage Used (Byte),Storage Allocated (Byte),Root Web Template,Owner Principal Name,Report Period",
      "2022-11-26,002caf24-2672-4bc4-bc41-2811d5dba62c,https://contoso.sharepoint.com/sites/ElMontePythons,El Monte Pythons Owners,False,,2,0,0,0,1475974,27487790694400,Group,ElMontePythons@contoso.onmicrosoft.com,7",
    ],
  ],
  [
    "getEmailActivityUserDetail.csv",
    "email_activity_user_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period",
      "2023-01-24,5535B4D580981B19AD1942C38063507F,F8C53518381F605C8FBA65C52CB43A1D,False,,2022-11-29,0,0,0,0,0,OFFICE 365 E5+MICROSOFT POWER AUTOMATE FREE+MICROSOFT POWER APPS PLAN 2 TRIAL+POWER BI (FREE),7",
    ],
  ],
  [
    "getEmailAppUsageUserDetail.csv",
    "email_app_usage_user_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Mail For Mac,Outlook For Mac,Outlook For Windows,Outlook For Mobile,Other For Mobile,Outlook For Web,POP3 App,IMAP4 App,SMTP App,Report Period",
      "2023-01-25,john.doe@contoso.com,John Doe,False,,2023-01-25,,,ProPlus,,,,,,,7",
    ],
  ],
  [
    "getTeamsUserActivityUserDetail.csv",
    "teams_user_activity_user_detail",
    [
      "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Meetings Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count,Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds,Has Other Action,Urgent Messages,Post Messages,Tenant Display Name,Shared Channel Tenant Display Names,Reply Messages,Is Licensed,Report Period",
      "2022-10-28,00000000-0000-0000-0000-000000000000,6E55A185B405B6F2A6804BB7897C8AAB,2022-10-26,False,,MICROSOFT 365 E5 DEVELOPER (WITHOUT WINDOWS AND AUDIO CONFERENCING)+MICROSOFT POWER AUTOMATE FREE,5,0,0,0,0,0,0,0,0,0,0,0,PT0S,PT0S,PT0S,0,0,0,No,0,2,CONTOSO,,3,Yes,7",
    ],
  ],
  [
    "getTeamsUserActivityUserDetail.docs-order.header.csv",
    "teams_user_activity_user_detail",
    [
      "Report Refresh Date,Tenant Display Name,Shared Channel Tenant Display Names,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Post Messages,Reply Messages,Urgent Messages,Meetings Organized Count,Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,Scheduled One-time Meetings Organized Count,Scheduled One-time Meetings Attended Count,Scheduled Recurring Meetings Organized Count,Scheduled Recurring Meetings Attended Count,Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,Screen Share Duration In Seconds,Has Other Action,Is Licensed,Report Period",
    ],
  ],
  [
    "getTeamsDeviceUsageUserDetail.csv",
    "teams_device_usage_user_detail",
    [
      "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Used Web,Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,Used  Chrome OS,Used Linux,Is Licensed,Report Period",
      "2022-10-24,00000000-0000-0000-0000-000000000000,77E5979DD60BA6EAA53E814DBEEEFA5F,,False,,No,No,No,No,No,No,No,No,Yes,7",
    ],
  ],
  [
    "getYammerActivityUserDetail.csv",
    "yammer_activity_user_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date,Posted Count,Read Count,Liked Count,Assigned Products,Report Period",
      "2022-11-09,77E5979DD60BA6EAA53E814DBEEEFA5F,4291DA7C39EE3263E97336B42734A667,,,,0,0,0,MICROSOFT 365 E5 DEVELOPER (WITHOUT WINDOWS AND AUDIO CONFERENCING),7",
    ],
  ],
  [
    "getYammerDeviceUsageUserDetail.csv",
    "yammer_device_usage_user_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date,Used Web,Used Windows Phone,Used Android Phone,Used iPhone,Used iPad,Used Others,Report Period",
      "2022-11-09,77E5979DD60BA6EAA53E814DBEEEFA5F,4291DA7C39EE3263E97336B42734A667,,,,No,No,No,No,No,No,7",
    ],
  ],
  [
    "getSkypeForBusinessActivityUserDetail.header.csv",
    "skype_for_business_activity_user_detail",
    [
      "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Total Peer-to-peer Session Count,Total Organized Conference Count,Total Participated Conference Count,Peer-to-peer Last Activity Date,Organized Conference Last Activity Date,Participated Conference Last Activity Date,Peer-to-peer IM Count,Peer-to-peer Audio Count,Peer-to-peer Audio Minutes,Peer-to-peer Video Count,Peer-to-peer Video Minutes,Peer-to-peer App Sharing Count,Peer-to-peer File Transfer Count,Organized Conference IM Count,Organized Conference Audio/Video Count,Organized Conference Audio/Video Minutes,Organized Conference App Sharing Count,Organized Conference Web Count,Organized Conference Dial-in/out 3rd Party Count,Organized Conference Dial-in/out Microsoft Count,Organized Conference Dial-in Microsoft Minutes,Organized Conference Dial-out Microsoft Minutes,Participated Conference IM Count,Participated Conference Audio/Video Count,Participated Conference Audio/Video Minutes,Participated Conference App Sharing Count,Participated Conference Web Count,Participated Conference Dial-in/out 3rd Party Count,Assigned Products,Report Period",
    ],
  ],
  [
    "getM365AppUserDetail.header.csv",
    "m365_app_user_detail",
    [
      "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period,Windows,Mac,Mobile,Web,Outlook,Word,Excel,PowerPoint,OneNote,Teams,Outlook (Windows),Word (Windows),Excel (Windows),PowerPoint (Windows),OneNote (Windows),Teams (Windows),Outlook (Mac),Word (Mac),Excel (Mac),PowerPoint (Mac),OneNote (Mac),Teams (Mac),Outlook (Mobile),Word (Mobile),Excel (Mobile),PowerPoint (Mobile),OneNote (Mobile),Teams (Mobile),Outlook (Web),Word (Web),Excel (Web),PowerPoint (Web),OneNote (Web),Teams (Web)",
    ],
  ],
  [
    "getOffice365ActivationsUserDetail.csv",
    "office365_activations_user_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,Product Type,Last Activated Date,Windows,Mac,Windows 10 Mobile,iOS,Android,Activated On Shared Computer",
      "2022-10-25,77E5979DD60BA6EAA53E814DBEEEFA5F,4291DA7C39EE3263E97336B42734A667,MICROSOFT 365 APPS FOR ENTERPRISE,2021-01-10,1,0,0,0,0,False",
    ],
  ],
  [
    "getMicrosoft365CopilotUsageUserDetail.header.csv",
    "copilot_usage_user_detail",
    [
      "Report Refresh Date,Report Period,User Principal Name,Display Name,Last Activity Date,Microsoft Teams Copilot Last Activity Date,Word Copilot Last Activity Date,Excel Copilot Last Activity Date,PowerPoint Copilot Last Activity Date,Outlook Copilot Last Activity Date,OneNote Copilot Last Activity Date,Loop Copilot Last Activity Date,Copilot Chat Last Activity Date",
    ],
  ],
  [
    "getOffice365ActiveUserDetail.csv",
    "office365_active_user_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Has Exchange License,Has OneDrive License,Has SharePoint License,Has Skype For Business License,Has Yammer License,Has Teams License,Exchange Last Activity Date,OneDrive Last Activity Date,SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,Teams Last Activity Date,Exchange License Assign Date,OneDrive License Assign Date,SharePoint License Assign Date,Skype For Business License Assign Date,Yammer License Assign Date,Teams License Assign Date,Assigned Products",
      "2022-10-23,77E5979DD60BA6EAA53E814DBEEEFA5F,4291DA7C39EE3263E97336B42734A667,False,,True,True,True,True,True,True,2020-09-12,2022-09-12,2021-10-30,2020-10-30,2019-04-21,2017-09-20,2021-01-10,2021-01-10,2021-01-10,2021-01-10,2021-01-10,2021-01-10,MICROSOFT 365 E5 DEVELOPER (WITHOUT WINDOWS AND AUDIO CONFERENCING)",
    ],
  ],
  [
    "getMailboxUsageDetail.csv",
    "mailbox_usage_detail",
    [
      "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Report Period",
      "2023-01-24,john.doe@contoso.com,John Doe,False,,2023-01-18,2023-01-24,191,5719031,105226698752,106300440576,107374182400,25,582157,32212254720,False,7",
    ],
  ],
  [
    "getOneDriveUsageAccountDetail.csv",
    "onedrive_usage_account_detail",
    [
      "Report Refresh Date,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period",
      "2023-05-20,93212C12CBFBD450189A52F29CF6397F,24C1B29099C8749194796DFEF8B50A40,False,2022-12-27,128,0,104122210,1099511627776,30B283368E548933B1D03A64A6B14A89,7",
    ],
  ],
  [
    "getOffice365GroupsActivityDetail.csv",
    null,
    [
      "Report Refresh Date,Group Display Name,Is Deleted,Owner Principal Name,Last Activity Date,Group Type,Member Count,External Member Count,Exchange Received Email Count,SharePoint Active File Count,Yammer Posted Message Count,Yammer Read Message Count,Yammer Liked Message Count,Exchange Mailbox Total Item Count,Exchange Mailbox Storage Used (Byte),SharePoint Total File Count,SharePoint Site Storage Used (Byte),Group Id,Report Period",
      "2023-05-31,7D3654B07E126BBD0D18174368FC243F,False,550802505126139905D733891825A254,,Public,1,0,,,,,,5,203448,0,1455831,00000000-0000-0000-0000-000000000000,7",
    ],
  ],
  [
    "getOffice365ServicesUserCounts.csv",
    null,
    [
      "Report Refresh Date,Exchange Active,Exchange Inactive,OneDrive Active,OneDrive Inactive,SharePoint Active,SharePoint Inactive,Skype For Business Active,Skype For Business Inactive,Yammer Active,Yammer Inactive,Teams Active,Teams Inactive,Office 365 Active,Office 365 Inactive,Report Period",
      "2022-10-23,1,23,1,23,1,23,0,24,0,24,1,23,2,22,7",
    ],
  ],
  [
    "older-teams.csv",
    "teams_user_activity_user_detail",
    [
      "Report Refresh Date,User Principal Name,Last Activity Date,Is Deleted,Deleted Date,Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Has Other Action,Report Period",
      "2020-03-01,ann@contoso.example,2020-02-28,False,,OFFICE 365 E3+ENTERPRISE MOBILITY + SECURITY E3,1,2,3,4,Yes,7",
    ],
  ],
  [
    "pascal-case.csv",
    "email_activity_user_detail",
    [
      "ReportRefreshDate,UserPrincipalName,DisplayName,IsDeleted,DeletedDate,LastActivityDate,SendCount,ReceiveCount,ReadCount,ReportPeriod",
      "2020-03-01,ann@contoso.example,Ann Lee,False,,2020-02-28,1,2,3,7",
    ],
  ],
];

const page = (type: string, record: object): object => ({
  "@odata.context": `https://graph.microsoft.com/beta/$metadata#Collection(microsoft.graph.${type})`,
  value: [record],
});
const flat = {
  reportRefreshDate: "2017-09-06",
  userPrincipalName: "ann@contoso.example",
  lastActivityDate: "2017-09-01",
  reportPeriod: "7",
};

const documents: readonly (readonly [file: string, dataset: string, document: object])[] = [
  [
    "report.office365ActivationsUserDetail.beta.json",
    "office365_activations_user_detail",
    {
      "@odata.context":
        "https://graph.microsoft.com/beta/$metadata#Collection(microsoft.graph.office365ActivationsUserDetail)",
      value: [
        {
          reportRefreshDate: "2017-09-01",
          userPrincipalName: "userprincipalname-value",
          displayName: "displayname-value",
          userActivationCounts: [
            {
              productType: "Project Client",
              lastActivatedDate: "2017-08-20",
              windows: 5,
              mac: 0,
              windows10Mobile: 0,
              ios: 0,
              android: 2,
              activatedOnSharedComputer: true,
            },
          ],
        },
      ],
    },
  ],
  [
    "report.m365AppUserDetail.beta.json",
    "m365_app_user_detail",
    {
      value: [
        {
          reportRefreshDate: "2020-06-30",
          userPrincipalName: "admin@contoso.com",
          lastActivationDate: "2020-05-22",
          lastActivityDate: "2020-06-30",
          details: [
            {
              reportPeriod: 7,
              windows: true,
              mac: false,
              mobile: true,
              web: false,
              outlook: false,
              word: false,
              excel: false,
              powerPoint: false,
              oneNote: false,
              teams: true,
              outlookWindows: false,
              wordWindows: false,
              excelWindows: false,
              powerPointWindows: false,
              oneNoteWindows: false,
              teamsWindows: true,
              outlookMac: false,
              wordMac: false,
              excelMac: false,
              powerPointMac: false,
              oneNoteMac: false,
              teamsMac: false,
              outlookMobile: false,
              wordMobile: false,
              excelMobile: false,
              powerPointMobile: false,
              oneNoteMobile: false,
              teamsMobile: true,
              outlookWeb: false,
              wordWeb: false,
              excelWeb: false,
              powerPointWeb: false,
              oneNoteWeb: false,
              teamsWeb: true,
            },
          ],
        },
      ],
    },
  ],
  [
    "report.copilotUsageUserDetail.beta.json",
    "copilot_usage_user_detail",
    {
      "@odata.context":
        "https://graph.microsoft.com/beta/reports/getMicrosoft365CopilotUsageUserDetail(period='D7')?$format=application/json",
      value: [
        {
          reportRefreshDate: "2024-06-26",
          userPrincipalName: "DC8C64D6EC3A3AA17481D7E5EB5B68A6",
          displayName: "C65E8D8AFA0DAB9639EDFAAEA94AFE66",
          lastActivityDate: "2024-06-12",
          copilotChatLastActivityDate: "2024-01-10",
          microsoftTeamsCopilotLastActivityDate: "2024-06-12",
          wordCopilotLastActivityDate: "2024-03-29",
          excelCopilotLastActivityDate: null,
          powerPointCopilotLastActivityDate: "2024-03-26",
          outlookCopilotLastActivityDate: null,
          oneNoteCopilotLastActivityDate: null,
          loopCopilotLastActivityDate: null,
          copilotActivityUserDetailsByPeriod: [{ reportPeriod: 7 }],
        },
      ],
    },
  ],
  [
    "yammerDevices.json",
    "yammer_device_usage_user_detail",
    page("yammerDeviceUsageUserDetail", {
      ...flat,
      displayName: "Ann Lee",
      userState: "active",
      stateChangeDate: "2012-06-26",
      usedWeb: true,
      usedWindowsPhone: false,
      usedAndroidPhone: false,
      usediPhone: false,
      usediPad: false,
      usedOthers: false,
    }),
  ],
  [
    "teamsDevices.json",
    "teams_device_usage_user_detail",
    page("teamsDeviceUsageUserDetail", {
      ...flat,
      isDeleted: false,
      deletedDate: null,
      usedWeb: false,
      usedWindowsPhone: false,
      usediOS: true,
      usedMac: false,
      usedAndroidPhone: false,
      usedWindows: true,
    }),
  ],
  [
    "teamsActivity.json",
    "teams_user_activity_user_detail",
    page("teamsUserActivityUserDetail", {
      ...flat,
      isLicensed: true,
      assignedProducts: ["Microsoft 365 ENTERPRISE E5"],
      teamChatMessageCount: 0,
      privateChatMessageCount: 49,
      callCount: 2,
      meetingCount: 0,
      audioDuration: "01:02:03",
      videoDuration: "00:00:00",
      screenShareDuration: "00:00:00",
      hasOtherAction: true,
    }),
  ],
  [
    "emailApps.json",
    "email_app_usage_user_detail",
    {
      value: [
        { ...flat, mailForMac: [], outlookForWindows: ["2016", "ProPlus"], outlookForWeb: ["Undetermined"] },
      ],
    },
  ],
  [
    "subscriptions.json",
    "directory_subscriptions",
    [
      {
        id: "11111111-aaaa-4bbb-8ccc-222222222222",
        commerceSubscriptionId: "33333333-aaaa-4bbb-8ccc-222222222222",
        skuId: "05e9a617-0261-4cee-bb44-138d3ef5d965",
        skuPartNumber: "SPE_E3",
        status: "Enabled",
        isTrial: true,
        totalLicenses: 25,
        createdDateTime: "2023-01-01T00:00:00Z",
        nextLifecycleDateTime: "2027-01-01T00:00:00Z",
        ownerId: null,
        serviceStatus: [{ appliesTo: "User", provisioningStatus: "Success" }],
      },
    ],
  ],
  [
    "groups.json",
    "groups",
    [
      {
        id: "44444444-aaaa-4bbb-8ccc-222222222222",
        displayName: "Team",
        mail: "team@contoso.example",
        groupTypes: ["Unified"],
        securityEnabled: false,
        mailEnabled: true,
        visibility: "Public",
        createdDateTime: "2023-01-01T00:00:00Z",
        assignedLicenses: [],
      },
    ],
  ],
  [
    "domains.json",
    "domains",
    [
      {
        id: "contoso.example",
        authenticationType: "Federated",
        isDefault: true,
        isVerified: true,
        supportedServices: [],
      },
    ],
  ],
];

let dir: Workdir;
let imported: Imported;

/** One import of them all: a run costs more than its files. */
beforeAll(() => {
  dir = new Workdir();
  for (const [file, , lines] of reports) dir.write(`in/${file}`, `\uFEFF${lines.join("\r\n")}\r\n`);
  for (const [file, , document] of documents) dir.write(`in/${file}`, document);
  // They are of many tenants.
  imported = dir.import("in", "--as-of", "2026-11-01", "--same-tenant");
});

const expected = [...reports, ...documents].map(([file, dataset]) => [file, dataset] as const);

test.each(expected)("%s is %s alone, with no record rejected", (name, dataset) => {
  const found = imported.files.find(({ file }) => file.endsWith(name));
  expect([found?.dataset, found?.records_rejected]).toEqual([dataset, 0]);
});

test("every record is loaded", () => {
  const rows = reports.filter(([, dataset]) => dataset !== null).map(([, , lines]) => lines.length - 1);
  const count = imported.files.reduce((sum, { records_loaded }) => sum + records_loaded, 0);
  expect(count).toBe(rows.reduce((sum, more) => sum + more, documents.length));
});

test("what JSON nests and CSV writes side by side comes to the same rows", () => {
  expect(
    dir.query(
      "select report_refresh_date as day, product_type, windows_activations, is_on_shared_computer from staging.office365_activations_user_detail order by 1",
    ),
  ).toEqual([
    {
      day: "2017-09-01",
      product_type: "Project Client",
      windows_activations: 5,
      is_on_shared_computer: true,
    },
    {
      day: "2022-10-25",
      product_type: "MICROSOFT 365 APPS FOR ENTERPRISE",
      windows_activations: 1,
      is_on_shared_computer: false,
    },
  ]);
  expect(
    dir.query("select report_period, has_used_teams_web, has_used_word from staging.m365_app_user_detail"),
  ).toEqual([{ report_period: 7, has_used_teams_web: true, has_used_word: false }]);
  expect(dir.query("select report_period, is_concealed from staging.copilot_usage_user_detail")).toEqual([
    { report_period: 7, is_concealed: true },
  ]);
  expect(
    dir.query("select outlook_for_windows_versions as v from staging.email_app_usage_user_detail order by 1"),
  ).toEqual([{ v: "2016; ProPlus" }, { v: "ProPlus" }]);
});

test("durations are seconds, and a product with + in its name stays one", () => {
  expect(
    dir.query(
      "select report_refresh_date as day, user_id, audio_seconds, has_other_action, assigned_products from staging.teams_user_activity_user_detail order by 1",
    ),
  ).toEqual([
    {
      day: "2017-09-06",
      user_id: null,
      audio_seconds: 3723,
      has_other_action: true,
      assigned_products: ["Microsoft 365 ENTERPRISE E5"],
    },
    {
      day: "2020-03-01",
      user_id: null,
      audio_seconds: null,
      has_other_action: true,
      assigned_products: ["OFFICE 365 E3", "ENTERPRISE MOBILITY + SECURITY E3"],
    },
    {
      day: "2022-10-28",
      user_id: null,
      audio_seconds: 0,
      has_other_action: false,
      assigned_products: [
        "MICROSOFT 365 E5 DEVELOPER (WITHOUT WINDOWS AND AUDIO CONFERENCING)",
        "MICROSOFT POWER AUTOMATE FREE",
      ],
    },
  ]);
});

test("lists of one's own are read with the headings that people write", () => {
  const own = new Workdir();
  own.write(
    "in/prices.csv",
    "SKU;Price;Currency;Billing period\r\nSPE_E3;36.50;eur;Monthly\r\nSPE_F1;8;EUR;year\r\n",
  );
  own.write(
    "in/policy.csv",
    "SKU,User,Pattern,After days,Exclude,Reason\r\n05E9A617-0261-4CEE-BB44-138D3EF5D965,,,45,,\r\n,Ann@contoso.example,,,Yes,On leave\r\n,,svc-*,,true,Services\r\n",
  );
  const { files } = own.import("in");
  expect(files.map(({ dataset, records_rejected }) => [dataset, records_rejected])).toEqual([
    ["reclaim_policy", 0],
    ["sku_prices", 0],
  ]);
  expect(
    own.query("select sku_part_number as sku, unit_price, currency, billing_period from staging.sku_prices"),
  ).toEqual([
    { sku: "SPE_E3", unit_price: 36.5, currency: "EUR", billing_period: "month" },
    { sku: "SPE_F1", unit_price: 8, currency: "EUR", billing_period: "year" },
  ]);
  expect(
    own.query("select sku_id, upn_key, user_pattern, after_days, is_excluded from staging.reclaim_policy"),
  ).toEqual([
    {
      sku_id: "05e9a617-0261-4cee-bb44-138d3ef5d965",
      upn_key: null,
      user_pattern: null,
      after_days: 45,
      is_excluded: false,
    },
    { sku_id: null, upn_key: "ann@contoso.example", user_pattern: null, after_days: null, is_excluded: true },
    { sku_id: null, upn_key: null, user_pattern: "svc-*", after_days: null, is_excluded: true },
  ]);
});

test("mailboxes are read as Exchange Online PowerShell writes them", () => {
  const exchange = new Workdir();
  exchange.write(
    "mailboxes.csv",
    '"ExternalDirectoryObjectId","UserPrincipalName","PrimarySmtpAddress","RecipientTypeDetails","LitigationHoldEnabled","InPlaceHolds","ArchiveGuid","ProhibitSendQuota","IssueWarningQuota","WhenCreatedUTC"\r\n"AAAAAAAA-0000-4000-8000-000000000001","Desk@contoso.example","desk@contoso.example","SharedMailbox","True","UniH1;mbx2","00000000-0000-0000-0000-000000000000","99 GB (106,300,440,576 bytes)","Unlimited","2023-01-18T10:00:00Z"\r\n',
  );
  const { files } = exchange.import("mailboxes.csv", "--as-of", "2026-11-01");
  expect(files.map(({ dataset, records_loaded }) => [dataset, records_loaded])).toEqual([["mailboxes", 1]]);
  expect(
    exchange.query(
      "select user_id, upn_key, mailbox_type, has_litigation_hold, in_place_holds, has_archive, prohibit_send_quota_bytes, issue_warning_quota_bytes, created_at from staging.mailboxes",
    ),
  ).toEqual([
    {
      user_id: "aaaaaaaa-0000-4000-8000-000000000001",
      upn_key: "desk@contoso.example",
      mailbox_type: "SharedMailbox",
      has_litigation_hold: true,
      in_place_holds: 2,
      has_archive: false,
      prohibit_send_quota_bytes: 106_300_440_576,
      issue_warning_quota_bytes: null,
      created_at: "2023-01-18T10:00:00Z",
    },
  ]);
});
