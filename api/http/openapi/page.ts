/** The API page: Swagger UI from the local package, pointed at our document. */
import express, { Router, type RequestHandler } from 'express';
import { absolutePath } from 'swagger-ui-dist';

/** Served before the package's own file of this name, which points elsewhere. */
const initializer = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '../openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    persistAuthorization: true,
    docExpansion: 'none',
    tryItOutEnabled: true,
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
  });
};
`;

export function apiPage(): Router {
  const router = Router();
  router.use(withSlash());
  router.get('/swagger-initializer.js', (request, response) => {
    response.type('application/javascript').send(initializer);
  });
  router.use(express.static(absolutePath(), { redirect: false }));
  return router;
}

/** The page's own links are relative to `/api/docs/`. */
function withSlash(): RequestHandler {
  return (request, response, next) => {
    if (request.originalUrl.split('?')[0] === request.baseUrl) {
      response.redirect(301, `${request.baseUrl}/`);
    } else next();
  };
}
