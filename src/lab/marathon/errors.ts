// Requests that Marathon refuses, with the bodies it answers (recordings; mesosphere/marathon 1.11.24: api/MarathonExceptionMapper.scala).

export interface Violation {
  path: string;
  errors: string[];
}

export class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: { message: string } & Record<string, unknown>) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** 422: fields of the wrong type or out of range. */
export function invalidJson(details: Violation[]): Refusal {
  return new Refusal(422, { message: 'Invalid JSON', details });
}

/** 422: each field is fine, the whole is not. */
export function notValid(details: Violation[]): Refusal {
  return new Refusal(422, { message: 'Object is not valid', details });
}

export function conflict(message: string): Refusal {
  return new Refusal(409, { message });
}

export function locked(deployments: string[]): Refusal {
  return new Refusal(409, {
    message:
      "App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
    deployments: deployments.map((id) => ({ id })),
  });
}

/** 404 that is thrown, so without `details`. */
export function noSuch(what: string, id: string): Refusal {
  return new Refusal(404, { message: `${what} '${id}' does not exist` });
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, { message });
}

export function tooManyDeployments(max: number): Refusal {
  // The missing space is Marathon's (Exception.scala, TooManyRunningDeploymentsException).
  return new Refusal(403, {
    message:
      `Max number (${max}) of running deployments is achieved. Wait for existing deployments to complete or cancel one` +
      'using force=true parameter. You can increase max deployment number by using --max_running_deployments parameter ' +
      'but be advised that this can have negative effects on the performance.',
  });
}
