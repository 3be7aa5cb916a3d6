// Errors of etcd's v2 API: code, message and HTTP status (etcd 3.4 etcdserver/api/v2error/error.go).

export const CODE = {
  keyNotFound: 100,
  compareFailed: 101,
  notAFile: 102,
  notADirectory: 104,
  keyExists: 105,
  rootReadOnly: 107,
  directoryNotEmpty: 108,
  prevValueRequired: 201,
  ttlNotANumber: 202,
  indexNotANumber: 203,
  invalidField: 209,
  refreshValue: 212,
  refreshTtlRequired: 213,
  raftInternal: 300,
  eventIndexCleared: 401,
} as const;

const MESSAGES: Record<number, string> = {
  100: 'Key not found',
  101: 'Compare failed',
  102: 'Not a file',
  104: 'Not a directory',
  105: 'Key already exists',
  107: 'Root is read only',
  108: 'Directory not empty',
  201: 'PrevValue is Required in POST form',
  202: 'The given TTL in POST form is not a number',
  203: 'The given index in POST form is not a number',
  209: 'Invalid field',
  212: 'Value provided on refresh',
  213: 'A TTL must be provided on refresh',
  300: 'Raft Internal Error',
  401: 'The event in requested index is outdated and cleared',
};

const STATUSES: Record<number, number> = { 100: 404, 101: 412, 102: 403, 105: 412, 108: 403, 300: 500 };

export class EtcdError extends Error {
  readonly status: number;
  readonly body: { errorCode: number; message: string; cause: string; index: number };

  constructor(code: number, cause: string, index: number) {
    const message = MESSAGES[code]!;
    super(message);
    this.status = STATUSES[code] ?? 400;
    this.body = { errorCode: code, message, cause, index };
  }
}
