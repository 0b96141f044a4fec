# One image for every process of the ledger; which one runs is the command.
FROM node:24.11.1-bookworm-slim AS build
WORKDIR /ledger
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY . .
RUN npm run -s build && npm prune --omit=dev --no-audit

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /ledger
COPY --from=build /ledger/package.json ./
COPY --from=build /ledger/node_modules ./node_modules
COPY --from=build /ledger/dist ./dist
COPY --from=build /ledger/verifiers ./verifiers
RUN mkdir /data /keys /checkpoint-key && chown node:node /data /keys /checkpoint-key
USER node
VOLUME /data
EXPOSE 3000
CMD ["node_modules/.bin/node", "dist/apps/cli/main.js", "serve"]
