const transform = {
  '^.+\\.(t|m?j)s$': [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
};
const shared = {
  testEnvironment: 'node',
  transform,
  // Packages that exist as ES modules only: jest on Node 20 cannot require them untransformed.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|uuid|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit|@scure/base|@otplib/plugin-crypto-noble|@noble/hashes)/)',
  ],
  // It names no file for `require`, which is what jest asks for.
  moduleNameMapper: { '^file-type$': '<rootDir>/node_modules/file-type/index.js' },
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
};
const withServers = {
  ...shared,
  globalSetup: './tests/setup/global.ts',
  globalTeardown: './tests/setup/teardown.ts',
};

module.exports = {
  reporters: ['default', './tests/setup/reporter.cjs'],
  maxWorkers: 2,
  // Tests that ask every route take longest: their limit is for machines that are slow, too.
  testTimeout: 180_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{models,workflows,api,scripts,activities,engine,metrics}/**/*.test.ts',
        '<rootDir>/*.test.ts',
      ],
    },
    {
      ...withServers,
      displayName: 'database',
      testMatch: ['<rootDir>/tests/database/**/*.test.ts'],
    },
    { ...withServers, displayName: 'life', testMatch: ['<rootDir>/tests/life/**/*.test.ts'] },
    { ...withServers, displayName: 'api', testMatch: ['<rootDir>/tests/api/**/*.test.ts'] },
    {
      ...withServers,
      displayName: 'scenario',
      testMatch: ['<rootDir>/tests/scenarios/**/*.test.ts'],
    },
  ],
};
