/** An address in the memory of the machine; 0 is none. */
export type Address = number;

interface Global {
  readonly value: number;
}

/** What assembly/index.ts exports. */
export interface Calls {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly inputStart: Global;
  readonly inputBytes: Global;
  readonly planStart: Global;
  readonly numbers: Global;
  readonly rows: Global;
  readonly size: Global;
  readonly asked: Global;
  readonly firsts: Global;
  readonly behindRecords: Global;
  readonly stoppedAt: Global;
  readonly clearPlan: () => void;
  readonly topOfPlan: () => Address;
  readonly setTopOfPlan: (top: Address) => void;
  readonly newTable: (room: number, isRecord: boolean) => Address;
  readonly newField: (kind: number, isNullable: boolean, isFilled: boolean, minimum: number) => Address;
  readonly setInner: (field: Address, table: Address, items: Address) => void;
  readonly addField: (table: Address, field: Address, length: number, isRequired: boolean) => Address;
  readonly addColumn: (field: Address, width: number, isInList: boolean, hasTexts: boolean) => Address;
  readonly setWeight: (column: Address, bytes: number) => void;
  readonly setConcealable: (field: Address) => void;
  readonly countOf: (column: Address) => number;
  readonly valuesOf: (column: Address) => Address;
  readonly validOf: (column: Address) => Address;
  readonly textsOf: (column: Address) => Address;
  readonly textBytesOf: (column: Address) => number;
  readonly textOf: (key: Address) => Address;
  readonly lengthOf: (key: Address) => number;
  readonly judge: (key: Address, isDoubtful: boolean, isEnvelope: boolean) => void;
  readonly counterOf: (key: Address) => Address;
  readonly clearFirsts: () => void;
  readonly firstAt: (index: number) => Address;
  readonly recordsOf: (key: Address) => number;
  readonly nullsOf: (field: Address) => number;
  readonly concealedOf: (field: Address) => number;
  readonly newReport: (table: Address, separator: number, length: number) => Address;
  readonly addCell: (report: Address, field: Address, form: number, isDoubtful: boolean) => Address;
  readonly addWord: (cell: Address, length: number, meaning: number) => Address;
  readonly setHasNone: (cell: Address) => void;
  readonly setSeparators: (cell: Address, isLoose: boolean) => Address;
  readonly clearRows: () => void;
  readonly readRecords: (
    table: Address,
    setting: number,
    from: Address,
    enough: Address,
    end: Address,
    firstRecord: number,
  ) => number;
  readonly readRows: (
    report: Address,
    from: Address,
    enough: Address,
    end: Address,
    firstRecord: number,
  ) => number;
}
