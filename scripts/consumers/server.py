"""A server of the Leads API in another language, of which it has the beginning: what the conformance suite is for."""

import json
import re
import uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LEADS = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, body, headers=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        common = {'Content-Type': 'application/json; charset=utf-8', 'Content-Length': len(data), 'X-Request-Id': f'req_{uuid.uuid4().hex}'}
        for name, value in {**common, **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, status, code, error, details=None, headers=None):
        self.answer(status, {'success': False, 'error': error, 'code': code, **({'details': details} if details else {})}, headers)

    def refused_key(self):
        key = self.headers.get('Authorization')
        if key is None:
            self.refuse(401, 'MISSING_AUTH_HEADER', 'Missing authorization header', headers={'WWW-Authenticate': 'Bearer realm="leads"'})
        elif not key.startswith('Bearer sk-workspace_'):
            invalid = {'WWW-Authenticate': 'Bearer realm="leads", error="invalid_token"'}
            error = 'Malformed authorization header. Expected format: Bearer <token>'
            self.refuse(401, 'MALFORMED_AUTH_HEADER', error, headers=invalid)
        else:
            return False
        return True

    def do_GET(self):
        if self.refused_key():
            return
        lead = re.fullmatch(r'/api/v1/leads/(lead_[0-9a-z]+)', self.path)
        if lead and lead[1] in LEADS:
            self.answer(200, {'success': True, 'data': LEADS[lead[1]]}, {'ETag': f'"{lead[1]}"'})
        elif lead:
            details = {'leadId': lead[1], 'message': 'No lead found with this ID in your workspace'}
            self.refuse(404, 'LEAD_NOT_FOUND', 'Lead not found', details)
        else:
            self.refuse(404, 'ROUTE_NOT_FOUND', 'No such route', {'method': 'GET', 'path': self.path})

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        if self.refused_key():
            return
        if self.path != '/api/v1/leads':
            return self.refuse(404, 'ROUTE_NOT_FOUND', 'No such route', {'method': 'POST', 'path': self.path})
        try:
            fields = dict(json.loads(sent))
        except (TypeError, ValueError):
            return self.refuse(400, 'INVALID_JSON', 'The request body is not valid JSON')
        now = datetime.now(timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')
        made = {'id': f'lead_{uuid.uuid4().hex}', 'createdAt': now, 'updatedAt': now, 'workspaceId': 'ws_python'}
        lead = {'phone': None, 'source': None, 'status': 'new', 'metadata': {}, **fields, **made}
        LEADS[lead['id']] = lead
        self.answer(201, {'success': True, 'data': lead}, {'ETag': f'"{lead["id"]}"', 'Location': f'/api/v1/leads/{lead["id"]}'})

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(f'http://127.0.0.1:{server.server_port}', flush=True)
server.serve_forever()
