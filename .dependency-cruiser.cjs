// Who may import whom. One folder = one place where code may run (docs/architecture.md).
const codeOf = (path, to) => ({
  from: path,
  to: { ...to, dependencyTypesNot: ['type-only'] },
});
const rule = (name, comment, from, to) => ({
  name,
  severity: 'error',
  comment,
  ...codeOf(from, to),
});
const tests = { pathNot: '\\.test\\.ts$|^tests/' };
const npm = '^node_modules/|^(node:)?(fs|net|http|https|child_process|crypto|os|path|timers)$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-circular', 'A cycle has no order in which to read it.', {}, { circular: true }),
    rule(
      'life-is-alone',
      'The sandbox evaluates every module again for each cold life: @temporalio/workflow and types only.',
      { path: '^workflows/(index|life|mail|sla-run)(\\.ts|/)', ...tests },
      {
        pathNot:
          '^workflows/(index|life|mail|sla-run)(\\.ts|/)|^node_modules/@temporalio/(workflow|common)/',
      },
    ),
    rule(
      'processes-are-pure',
      'Declarations and rules import pure files of models/ only (inputs: zod, too).',
      { path: '^workflows/[^/]+/', pathNot: '^workflows/life/|\\.test\\.ts$' },
      { pathNot: '^workflows/|^models/(?!.*\\.table\\.ts$)|^node_modules/zod/' },
    ),
    rule(
      'models-know-no-callers',
      'The domain does not know who calls it.',
      { path: '^models/', ...tests },
      { path: '^(api|activities|engine|scripts|tests|worker|config|log)' },
    ),
    rule(
      'pure-models-stay-pure',
      'Rules of the domain import no I/O.',
      {
        path: '^models/(instant|errors|filter/|sla/|users/|organizations/settings|changes/(?!rows|reading|tables)|tickets/(?!kernel/|tables/))',
        pathNot: '\\.test\\.ts$|fixtures/',
      },
      { path: npm, pathNot: '^node_modules/(luxon|zod|@casl|@ucast|@zxcvbn-ts|uuid)/' },
    ),
    rule(
      'pure-models-know-no-rows',
      'What decides does not know how it is stored.',
      {
        path: '^models/(filter|sla|users)/|^models/changes/(?!rows|reading|tables)|^models/tickets/[^/]+\\.ts$',
        pathNot: '\\.test\\.ts$',
      },
      { path: '^models/(database|changes/(rows|reading|tables)|tickets/(kernel|tables)/)' },
    ),
    rule(
      'activities-know-no-http',
      'A worker has no door.',
      { path: '^activities/', ...tests },
      { path: '^(api|scripts|tests)/|^node_modules/(express|passport)/' },
    ),
    rule(
      'engine-knows-no-http',
      'What talks to Temporal serves API, worker and operations alike.',
      { path: '^engine/', ...tests },
      { path: '^(api|activities|scripts|tests)/|^node_modules/(express|passport)/' },
    ),
    rule(
      'api-calls-no-activities',
      'Commands go to lives, reads to tables.',
      { path: '^api/', ...tests },
      { path: '^(activities|scripts|tests)/|^worker\\.ts' },
    ),
    rule(
      'metrics-are-composed',
      'What counts is handed its figures where a process is put together; nobody else knows of it.',
      {
        path: '^(models|workflows|activities|engine|api)/',
        pathNot: '^api/main\\.ts$|\\.test\\.ts$',
      },
      { path: '^metrics/|^node_modules/prom-client/' },
    ),
    rule(
      'no-orphans',
      'Nobody reads it.',
      { orphan: true, pathNot: '\\.(test|d)\\.ts$|^tests/|\\.cjs$|\\.mjs$' },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules/\\.cache|\\.data|coverage)' },
    includeOnly: undefined,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
