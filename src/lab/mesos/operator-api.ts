// The master's v1 operator API, as recorded: the calls that an operator's tools make, and how it refuses what it cannot read.
import { empty, float, json, type LabRequest, type LabResponse, text } from '../http.ts';
import { isActive, type LabAgent, used } from './agent.ts';
import type { MesosMaster } from './master.ts';
import { versionShape } from './master-http.ts';
import { drainInfo, pid, plainResourceList, resourceList } from './shapes.ts';

interface Call {
  type: string;
  [body: string]: unknown;
}

/** What each call needs beside its type. */
const NEEDS: Record<string, string | undefined> = {
  GET_AGENTS: undefined,
  GET_VERSION: undefined,
  GET_HEALTH: undefined,
  DRAIN_AGENT: 'drain_agent',
  DEACTIVATE_AGENT: 'deactivate_agent',
  REACTIVATE_AGENT: 'reactivate_agent',
  MARK_AGENT_GONE: 'mark_agent_gone',
};

export function operatorCall(master: MesosMaster, request: LabRequest): LabResponse {
  const call = readCall(request, 'master::Call', master.versions.draining);
  if ('status' in call) return call as LabResponse;
  if (master.leadership === 'starting' && call.type !== 'GET_HEALTH' && call.type !== 'GET_VERSION') {
    return text(503, 'Master has not finished recovery');
  }
  switch (call.type) {
    case 'GET_HEALTH':
      return json({ type: 'GET_HEALTH', get_health: { healthy: true } });
    case 'GET_VERSION':
      return json({ type: 'GET_VERSION', get_version: { version_info: versionShape(master) } });
    case 'GET_AGENTS':
      return json({ type: 'GET_AGENTS', get_agents: agents(master) });
    default:
      return operate(master, call);
  }
}

/** Reads a call, or answers why it cannot be read. */
export function readCall(request: LabRequest, kind: string, draining: boolean): Call | LabResponse {
  if (request.method !== 'POST') {
    const message = `405 Method Not Allowed. Expecting one of { 'POST' }, but received '${request.method}'.`;
    return text(405, message, { allow: 'POST' });
  }
  const type = request.headers['content-type'];
  if (type === undefined) return text(400, "Expecting 'Content-Type' to be present");
  // Exactly this: with `; charset=utf-8` it is refused (recording 093).
  if (type !== 'application/json')
    return text(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  const accept = request.headers.accept;
  if (accept !== undefined && !/application\/(json|\*)|\*\/\*/.test(accept)) {
    return text(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  }
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return text(400, 'Failed to parse body into JSON: syntax error at line 1 near: ');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return text(400, 'Failed to convert JSON into Call protobuf: Expecting a JSON object');
  const call = body as Call;
  if (typeof call.type === 'number')
    return text(
      400,
      "Failed to convert JSON into Call protobuf: Not expecting a JSON number for field 'type'",
    );
  const known =
    Object.hasOwn(NEEDS, call.type) && (draining || !/^(DRAIN|DEACTIVATE|REACTIVATE)_/.test(call.type));
  if (!known) return text(400, `Failed to validate ${kind}: Expecting 'type' to be present`);
  const needs = NEEDS[call.type];
  if (needs && typeof call[needs] !== 'object')
    return text(400, `Failed to validate ${kind}: Expecting '${needs}' to be present`);
  return call;
}

function operate(master: MesosMaster, call: Call): LabResponse {
  const body = call[NEEDS[call.type]!] as {
    agent_id?: { value?: string };
    max_grace_period?: { nanoseconds?: number } | string;
    mark_gone?: boolean;
  };
  const id = body.agent_id?.value ?? '';
  const agent = master.agents.get(id);
  if (call.type === 'MARK_AGENT_GONE') {
    if (master.wasMarkedGone(id)) return empty(200);
    if (!agent) return text(404, `Agent '${id}' not found`);
    master.markGone(agent);
    return empty(200);
  }
  if (call.type === 'REACTIVATE_AGENT') {
    if (!agent?.deactivated) return text(400, 'Agent is not deactivated');
    if (agent.drain?.state === 'DRAINING') return text(400, 'Agent is still in the DRAINING state');
    master.reactivate(agent);
    return empty(200);
  }
  if (!agent) return text(400, 'Unknown agent');
  if (call.type === 'DEACTIVATE_AGENT') master.deactivate(agent);
  else {
    const period = body.max_grace_period;
    const grace = typeof period === 'object' ? (period.nanoseconds ?? 0) / 1e9 : undefined;
    master.drain(agent, grace, body.mark_gone ?? false);
  }
  return empty(200);
}

function agents(master: MesosMaster): unknown {
  return {
    agents: master.registered().map((agent) => agentOf(master, agent)),
    recovered_agents: master.recovered().map(agentInfo),
  };
}

function agentOf(master: MesosMaster, agent: LabAgent): unknown {
  const { versions } = master;
  const shape: Record<string, unknown> = { agent_info: agentInfo(agent), active: isActive(agent) };
  if (versions.draining) shape.deactivated = agent.deactivated;
  shape.version = agent.version;
  shape.pid = pid(agent);
  shape.registered_time = { nanoseconds: agent.registeredAt * 1e6 };
  if (agent.reregisteredAt !== undefined)
    shape.reregistered_time = { nanoseconds: agent.reregisteredAt * 1e6 };
  shape.total_resources = resourceList(agent.total, agent.role);
  const held = resourceList(used(agent), agent.role, { allocation_info: { role: 'slave_public' } });
  if (held.length) shape.allocated_resources = held;
  shape.capabilities = versions.capabilities.map((type) => ({ type }));
  const drain = drainInfo(agent);
  if (drain) {
    shape.drain_info = drain;
    shape.estimated_drain_start_time = { nanoseconds: Math.floor(agent.drain!.startedAt / 1000) * 1e9 };
  }
  return shape;
}

function agentInfo(agent: LabAgent): unknown {
  return {
    hostname: agent.host,
    port: 5051,
    resources: plainResourceList(agent.total, agent.role),
    attributes: Object.entries(agent.attributes).map(([name, value]) =>
      typeof value === 'number'
        ? { name, type: 'SCALAR', scalar: { value: float(value) } }
        : { name, type: 'TEXT', text: { value } },
    ),
    id: { value: agent.id },
    checkpoint: true,
  };
}
