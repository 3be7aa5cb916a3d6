// Admin Router's own answers: HTML, never JSON (dcos/dcos, packages/adminrouter/extra/src/errorpages, nginx' defaults).
import type { LabResponse } from '../http.ts';

const TITLES: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Page not found',
  500: 'Internal server error',
  501: 'Not implemented',
  502: 'Bad gateway',
  503: 'Service unavailable',
  504: 'Gateway timeout',
};

export function page(status: number, headers: Record<string, string> = {}): LabResponse {
  const title = TITLES[status] ?? 'Error';
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
    body: `<!DOCTYPE html>\n\n<html>\n<head>\n  <title>${title}</title>\n</head>\n<body>\n  <h1>${title}</h1>\n</body>\n</html>\n`,
  };
}

/** nginx' own page for a redirect. */
export function redirect(status: 301 | 302 | 307, location: string): LabResponse {
  const title = { 301: '301 Moved Permanently', 302: '302 Found', 307: '307 Temporary Redirect' }[status];
  return {
    status,
    headers: { 'content-type': 'text/html', location },
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n`,
  };
}

/** What the root, and a login page, answer: the DC/OS user interface, of which the lab has only the name. */
export function userInterface(): LabResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/html', 'x-frame-options': 'DENY' },
    body: '<!DOCTYPE html>\n<html>\n<head><title>Mesosphere DC/OS</title></head>\n<body></body>\n</html>\n',
  };
}
