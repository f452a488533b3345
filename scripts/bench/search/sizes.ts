/** How big the bench of searches is. */
export interface SearchSizes {
  readonly total: number;
  readonly knownErrors: number;
  /** Among whom the tickets are shared, beside those who ask. */
  readonly requesters: number;
  readonly concurrencies: readonly number[];
  readonly rounds: number;
  readonly sliceMs: number;
}

export const fullSearch: SearchSizes = {
  ...{ total: 100_000, knownErrors: 1_000, requesters: 2_000 },
  ...{ concurrencies: [1, 4], rounds: 3, sliceMs: 3_000 },
};

export const quickSearch: SearchSizes = {
  ...{ total: 5_000, knownErrors: 100, requesters: 100 },
  ...{ concurrencies: [1], rounds: 1, sliceMs: 1_500 },
};
