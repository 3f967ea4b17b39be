const container = document.getElementById('swagger-ui');
document.documentElement.classList.toggle('dark-mode', matchMedia('(prefers-color-scheme: dark)').matches);

try {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  const spec = await response.json();
  // Requests must go where this page came from, under whatever name the server is reached: the policy allows nothing else.
  spec.servers = [{ url: location.origin }];
  globalThis.SwaggerUIBundle({
    spec,
    domNode: container,
    deepLinking: true,
    displayRequestDuration: true,
    // A key must not outlive the page.
    persistAuthorization: false,
    tryItOutEnabled: true,
    // The default sends the document to a validator on another host.
    validatorUrl: null,
  });
} catch (error) {
  container.textContent = `The API's description could not be loaded: ${error.message}`;
}
