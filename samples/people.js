// The people of the invented tenant, one line each. README.md says which state each of the named ones stands for.
import { daysBefore, guid, integer } from "./deterministic.js";
import { refreshDate, tenant } from "./tenant.js";

/**
 * @typedef {object} Person
 * @property {string} id
 * @property {string} upn
 * @property {string} displayName
 * @property {string | null} givenName
 * @property {string | null} surname
 * @property {string | null} mail
 * @property {string | null} department
 * @property {string | null} country
 * @property {"Member" | "Guest" | null} userType
 * @property {boolean} enabled whether the account may sign in
 * @property {string} created YYYY-MM-DD
 * @property {string} licensed the day from which its licenses are assigned
 * @property {readonly string[]} licenses SKU, how it came (direct, group, or the error of a failed group assignment) and -PLAN for plans switched off
 * @property {number | null} lastUsed days before the refresh date of the reports; null when they show none
 * @property {Mfa} mfa
 * @property {boolean} isAdmin
 * @property {string} signIns regular, background, business app, failing, expired device, never, zero, or the day of the last one
 * @property {string} [reportUpn] the UPN as the reports write it, where that differs
 * @property {number} [mailboxBytes]
 * @property {number} [driveBytes]
 * @property {boolean} [isMailOnly] whether the reports show nothing but its mailbox
 * @property {boolean} [hasOldDrive] whether the reports still show a deleted OneDrive account of the same owner
 *
 * @typedef {"enabled" | "disabled" | "nonCompliant" | "capableOnly" | "missing"} Mfa
 */

/**
 * @param {string} name the part of the UPN before the domain, or the whole UPN
 * @param {readonly [given: string | null, surname: string | null, department: string | null, country: string | null]} about
 * @param {Partial<Person>} [special] what is not as usual
 * @returns {Person}
 */
function person(name, [givenName, surname, department, country], special = {}) {
  const upn = name.includes("@") ? name : `${name}@${tenant.domain}`;
  const created = special.created ?? daysBefore("2024-06-30", integer(`created ${upn}`, 0, 2200));
  const lastUsed = special.lastUsed === undefined ? integer(`last used ${upn}`, 0, 9) : special.lastUsed;
  const usual = {
    id: guid(`user ${upn}`),
    upn,
    displayName: [givenName, surname].filter(Boolean).join(" "),
    givenName,
    surname,
    mail: upn,
    department,
    country,
    userType: /** @type {const} */ ("Member"),
    enabled: true,
    created,
    licensed: daysBefore(created > "2023-05-02" ? created : "2023-05-02", -3),
    licenses: ["E3 group"],
    lastUsed,
    mfa: /** @type {const} */ ("enabled"),
    isAdmin: false,
    signIns: lastUsed === null ? "never" : lastUsed <= 30 ? "regular" : daysBefore(refreshDate, lastUsed),
  };
  return { ...usual, ...special };
}

/** An account of somebody from another organization. @param {string} name @param {string} home @param {Parameters<typeof person>[1]} about @param {Partial<Person>} special */
function guest(name, home, about, special) {
  const upn = `${name}_${home}#EXT#@${tenant.initialDomain}`;
  return person(upn, about, {
    mail: `${name}@${home}`,
    userType: "Guest",
    licenses: [],
    lastUsed: null,
    ...special,
  });
}

const us = "United States";

/** In the order in which Graph returns them. @type {readonly Person[]} */
export const people = [
  person("amara.okafor", ["Amara", "Okafor", "IT Operations", us], {
    licenses: ["E3 group", "P2 direct", "Flow direct"],
    isAdmin: true,
  }),
  person("marta.kessler", ["Marta", "Kessler", "IT Operations", "Germany"], {
    licenses: ["E3 group", "P2 direct"],
    isAdmin: true,
    mfa: "disabled",
  }),
  person("jonas.lindqvist", ["Jonas", "Lindqvist", "IT Operations", us], {
    licenses: ["E3 group", "P2 direct"],
    isAdmin: true,
    mfa: "nonCompliant",
  }),
  person(`breakglass.one@${tenant.initialDomain}`, [null, null, null, null], {
    displayName: "Break-glass account 1",
    mail: null,
    licenses: [],
    lastUsed: null,
    isAdmin: true,
    mfa: "disabled",
  }),
  person("svc.backup", [null, null, "IT Operations", null], {
    displayName: "svc-backup",
    mail: null,
    userType: null,
    licenses: [],
    lastUsed: null,
    signIns: "background",
    mfa: "disabled",
  }),
  person("zoe.bruckner", ["Zoë", "Brückner", "Finance", "Germany"], {
    licenses: ["E3 direct group", "PowerBI direct"],
  }),
  person("siobhan.o'rourke", ["Siobhán", "O'Rourke", "Legal", us], { licenses: ["E3 group", "P2 group"] }),
  person("etienne.delacroix", ["Étienne", "Delacroix", "Engineering", "France"], {
    displayName: "Delacroix, Étienne",
    licenses: ["E3 group", "Visio direct"],
  }),
  person("aiko.sato", ["愛子", "佐藤", "Field Offices", "Japan"], {
    displayName: "佐藤 愛子",
    licenses: ["E3 group", "Fabric direct"],
  }),
  person("robin.falk", ["Robin", "Falk", "Fire Brigade", us], {
    displayName: "Robin Falk 🚒",
    licenses: ["F3 group"],
  }),
  person("ingrid.solheim", ["Ingrid", "Solheim", "=Archive & Records", "Norway"], {
    licenses: ["E3 group", "Vault direct"],
    mailboxBytes: 58_713_209_856,
  }),
  person("lukasz.wisniewski", ["Łukasz", "Wiśniewski", "Field Offices", "Poland"], {
    licenses: ["O3 direct", "EMS direct"],
    lastUsed: 42,
    signIns: "expired device",
  }),
  person("sukru.yildiz", ["Şükrü", "Yıldız", "Field Offices", "Türkiye"], {
    lastUsed: 78,
    mfa: "nonCompliant",
  }),
  person("hoa.nguyen", ["Hoa", "Nguyễn Thị", "Translation", null], { displayName: "Nguyễn Thị Hoa" }),
  person("bjorn.odegard", ["Bjørn", "Ødegård", null, null], { licenses: ["E3 group", "Flow direct"] }),
  person("priya.menon", ["Priya", "Menon", "Finance", us], {
    licenses: ["E3 direct -TEAMS1 -YAMMER_ENTERPRISE", "Fabric direct"],
  }),
  person("tomasz.zielinski", ["Tomasz", "Zieliński", "Engineering", "Poland"], {
    licenses: ["E3 group", "Visio CountViolation"],
  }),
  person("wren.abbott", ["Wren", "Abbott", "Finance", us], {
    licenses: ["E3 direct", "O3 MutuallyExclusiveViolation"],
  }),
  person("helena.costa", ["Helena", "Costa", "Legal", us], { lastUsed: 120 }),
  person("gareth.pendle", ["Gareth", "Pendle", "Engineering", us], {
    licenses: ["O3 direct", "EMS direct", "Visio direct"],
    lastUsed: 155,
  }),
  person("nadia.haddad", ["Nadia", "Haddad", "Public Works", us], {
    licenses: ["E3 direct"],
    lastUsed: null,
    mailboxBytes: 0,
    mfa: "disabled",
  }),
  person("oskar.brandt", ["Oskar", "Brandt", "Public Works", "Germany"], {
    licenses: ["F3 group"],
    lastUsed: null,
    signIns: "zero",
    mfa: "disabled",
    mailboxBytes: 131_072,
    driveBytes: 0,
  }),
  person("imani.brooks", ["Imani", "Brooks", "Public Works", us], {
    created: "2026-10-12",
    lastUsed: null,
    mfa: "disabled",
  }),
  person("yuki.morita", ["Yuki", "Morita", "Field Offices", "Japan"], {
    created: "2026-10-31",
    licensed: "2026-10-31",
    lastUsed: null,
    mfa: "missing",
  }),
  person("felix.amsel", ["Felix", "Amsel", "Translation", "Germany"], { lastUsed: 63, signIns: "failing" }),
  // Page 2
  person("camille.rousset", ["Camille", "Rousset", "Public Works", "France"], {
    licenses: ["F3 group"],
    lastUsed: 51,
    signIns: "business app",
  }),
  person("dmitri.volkonsky", ["Dmitri", "Volkonsky", "Finance", us], {
    licenses: ["PowerBI direct", "Fabric direct"],
    lastUsed: null,
    signIns: "2026-08-18",
  }),
  person("lobby.kiosk", [null, null, "Facilities", us], {
    displayName: "Lobby kiosk",
    licenses: ["F3 direct"],
    lastUsed: 66,
    signIns: "background",
    mfa: "disabled",
  }),
  person("farid.nazari", ["Farid", "Nazari", "Legal", us], {
    licenses: ["E3 direct"],
    enabled: false,
    lastUsed: 203,
    mfa: "missing",
  }),
  person("greta.holmqvist", ["Greta", "Holmqvist", "Fire Brigade", us], {
    licenses: ["F3 group"],
    enabled: false,
    lastUsed: 38,
    mfa: "disabled",
  }),
  person("viktor.steinmetz", ["Viktor", "Steinmetz", "Finance", "Germany"], {
    licenses: [],
    enabled: false,
    lastUsed: null,
    signIns: "2026-01-19",
    mfa: "missing",
  }),
  guest("mei.chen", "fabrikam.example", ["Mei", "Chen", null, null], {
    licenses: ["E1 direct", "Fabric direct"],
    lastUsed: 4,
    signIns: "regular",
  }),
  guest("paulo.reis", "northwind.example", ["Paulo", "Reis", null, "Portugal"], {
    licenses: ["PowerBI direct"],
    signIns: "business app",
    mfa: "nonCompliant",
  }),
  guest("anna.kovalenko", "fabrikam.example", ["Anna", "Kovalenko", null, null], { mfa: "missing" }),
  guest("tess.harlow", "northwind.example", ["Tess", "Harlow", null, null], {
    signIns: "regular",
    mfa: "disabled",
  }),
  person("lea.simonis", ["Léa", "Simonis", "Human Resources", "France"], {
    licenses: [],
    lastUsed: null,
    signIns: "regular",
    mfa: "disabled",
  }),
  person("room.atrium", [null, null, "Facilities", us], {
    displayName: "Room Atrium (12)",
    licenses: [],
    enabled: false,
    lastUsed: null,
    mfa: "missing",
    mailboxBytes: 41_943_040,
  }),
  person("info.desk", [null, null, "Human Resources", us], {
    displayName: "Info desk",
    licenses: ["E1 direct"],
    enabled: false,
    lastUsed: 2,
    signIns: "never",
    mfa: "missing",
    mailboxBytes: 23_622_320_128,
    isMailOnly: true,
  }),
  person("noor.vandijk", ["Noor", "van Dijk", "Human Resources", "Netherlands"], { mfa: "capableOnly" }),
  person("hugo.marchetti", ["Hugo", "Marchetti", "Engineering", "Italy"], {
    licenses: ["E3 group", "Visio direct"],
    reportUpn: "Hugo.Marchetti@Contoso.Example",
    driveBytes: 1_319_413_953_331,
  }),
  person("elif.aydinli", ["Elif", "Aydınlı", "Engineering", "Türkiye"], {
    licenses: ["E3 group", "Project direct"],
  }),
  person("samir.bakshi", ["Samir", "Bakshi", "Engineering", us], {
    licenses: ["E3 group", "Project direct", "Visio direct"],
  }),
  person("petra.novak", ["Petra", "Svoboda", "Legal", "Czechia"], {
    mail: `petra.svoboda@${tenant.domain}`,
    licenses: ["E3 group", "Flow direct"],
  }),
  person("kofi.mensah", ["Kofi", "Mensah", "Finance", us], {
    licenses: ["E3 group", "P2 direct", "PowerBI direct"],
    hasOldDrive: true,
  }),
  person("clara.jimenez", ["Clara", "Jiménez", "Human Resources", "Spain"], {
    licenses: ["E3 group", "Fabric direct"],
  }),
  person("owen.tyrell", ["Owen", "Tyrell", "Engineering", us], {
    licenses: ["O3 direct", "EMS direct", "Visio direct"],
  }),
  person("ruth.adeyemi", ["Ruth", "Adeyemi", "Legal", us], { licenses: ["E3 group", "P2 group"] }),
  person("mateo.silva", ["Mateo", "Silva", "Public Works", us], { licenses: ["F3 group", "Flow direct"] }),
  person("hanna.virtanen", ["Hanna", "Virtanen", "Translation", "Finland"], {
    licenses: ["O3 direct", "EMS direct"],
    mfa: "nonCompliant",
  }),
  person("leon.fischbach", ["Leon", "Fischbach", "Finance", "Germany"], {
    licenses: ["E3 group", "PowerBI direct"],
  }),
  // Page 3
  person("sana.qureshi", ["Sana", "Qureshi", "Translation", us], {
    licenses: ["O3 direct", "EMS direct", "Fabric direct"],
  }),
  person("niels.dekker", ["Niels", "Dekker", "Public Works", "Netherlands"], { licenses: ["F3 group"] }),
  person("joana.almeida", ["Joana", "Almeida", "Fire Brigade", us], { licenses: ["F3 group"] }),
  person("caleb.whitlock", ["Caleb", "Whitlock", "Fire Brigade", us], {
    licenses: ["F3 group"],
    mfa: "disabled",
  }),
  person("mina.park", ["Mina", "Park", "Field Offices", us], { licenses: ["E1 direct"] }),
  person("arne.falkenberg", ["Arne", "Falkenberg", "Field Offices", "Norway"], { licenses: ["E1 direct"] }),
  person("bianca.ferraro", ["Bianca", "Ferraro", "Human Resources", "Italy"], {
    licenses: ["E1 group", "Flow direct"],
  }),
  person("david.oyelaran", ["David", "Oyelaran", "Public Works", us], {
    licenses: ["F3 group"],
    mfa: "nonCompliant",
  }),
  person("sofia.lindgren", ["Sofia", "Lindgren", "Finance", us], {
    licenses: ["E3 group", "P2 direct", "Fabric direct"],
    isAdmin: true,
  }),
  person("marek.dvorak", ["Marek", "Dvořák", "Engineering", "Czechia"], {
    licenses: ["O3 direct", "EMS direct", "Visio direct"],
  }),
  person("grace.kimani", ["Grace", "Kimani", "Legal", us], { licenses: ["E3 group -YAMMER_ENTERPRISE"] }),
  person("tobias.reinholt", ["Tobias", "Reinholt", "Human Resources", "Germany"], {
    licenses: ["E3 group", "Vault group"],
  }),
];
