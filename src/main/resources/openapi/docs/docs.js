SwaggerUIBundle({
  url: 'openapi.json', // beside this page, under whatever prefix
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null, // the badge would ask another host
  queryConfigEnabled: false // else the address could name another document
});
