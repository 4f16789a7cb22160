import type { Ability } from './abilities.ts';

/**
 * What a route demands of who calls it. Every HTTP route declares one in its `config.access`;
 * the center refuses to start with a route that declares none.
 */
export type Access =
  /** Anybody: login, health, enrolment, the console's own files. */
  | { readonly kind: 'public' }
  /** Anybody logged in. */
  | { readonly kind: 'session' }
  /** A claimed device with its bearer token. */
  | { readonly kind: 'device' }
  /** Somebody logged in who holds the ability in the region that the request concerns. */
  | {
      readonly kind: 'ability';
      readonly ability: Ability;
      /**
       * Where the request names its region. `subject`: the handler loads the subject first and calls
       * `request.authorize(region)`; `scope`: the answer is cut to the caller's own scope.
       */
      readonly region:
        | { readonly from: 'params' | 'query' | 'body'; readonly name: string }
        | { readonly from: 'subject' }
        | { readonly from: 'scope' };
      /** Also open to claimed devices (plans, assets). */
      readonly device?: true;
    };
