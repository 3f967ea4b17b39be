/** How to make the mock answer 503 twice. */
export const MOCK_ANSWERS_503_TWICE = `curl -X POST http://127.0.0.1:4010/__mock/faults \\
  -H "Content-Type: application/json" \\
  -d '{ "operation": "leads.delete", "error": "SERVICE_UNAVAILABLE", "times": 2 }'`;
