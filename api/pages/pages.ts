/** The few pages that people see: what the links in mails lead to. Plain files, as the door allows no others. */
import { join } from 'node:path';
import express, { Router } from 'express';

/** To be mounted at the root: links of a page are relative, for installations below a path. */
export function pages(): Router {
  const router = Router();
  const folder = join(__dirname, 'set-password');
  router.get('/set-password', (request, response) => {
    response.set('cache-control', 'no-cache');
    response.sendFile('page.html', { root: folder, cacheControl: false });
  });
  router.use('/set-password', express.static(folder, { index: false, redirect: false }));
  return router;
}
