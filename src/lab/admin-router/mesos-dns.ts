// Mesos-DNS' HTTP API, `/v1/services/NAME` (mesosphere/mesos-dns, resolver/resolver.go, RestService).
import { json, type LabResponse } from '../http.ts';

/** A target of an SRV record. */
export interface Target {
  host: string;
  ip: string;
  port: number;
}

/** SRV records by name without the final dot. A name that is not there answers one empty record, not a 404. */
export function services(records: Record<string, Target[]>, name: string): LabResponse {
  const found = records[name.replace(/\.$/, '').toLowerCase()] ?? [];
  if (found.length === 0) return json([{ service: '', host: '', ip: '', port: '' }]);
  return json(found.map(({ host, ip, port }) => ({ service: name, host, ip, port: String(port) })));
}
