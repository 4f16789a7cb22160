import { expect, onTestFinished, test, vi } from 'vitest';
import { createSSRApp, effectScope, ref } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { useAddress, usePage, useSearch } from '../../../server/console/state/address.ts';

/** What a page would hold, on a real router at an address. */
async function pageAt<Held>(path: string, setup: () => Held) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)', component: { render: () => null } }],
  });
  await router.push(path);
  const app = createSSRApp({ render: () => null });
  app.use(router);
  const scope = effectScope();
  onTestFinished(() => scope.stop());
  const held = app.runWithContext(() => scope.run(setup)) as Held;
  return { held, scope, address: () => router.currentRoute.value.fullPath };
}

test('filters written in a row all arrive, and defaults leave the address', async () => {
  const { held, address } = await pageAt('/audit?page=3&subject=old', () => ({
    action: useAddress('action'),
    subject: useAddress('subject'),
    page: usePage(),
  }));
  held.action.value = 'draft.publish';
  held.subject.value = '';
  held.page.value = 1;
  await vi.waitFor(() => expect(address()).toBe('/audit?action=draft.publish'));
  held.subject.value = 'd-1';
  await vi.waitFor(() => expect(address()).toBe('/audit?action=draft.publish&subject=d-1'));
});

test('a list begins at its first page when the question changes; what is no number is the first', async () => {
  const question = ref('a');
  const { held, address } = await pageAt('/drafts?page=4', () => usePage(question));
  expect(held.value).toBe(4);
  question.value = 'b';
  await vi.waitFor(() => expect(address()).toBe('/drafts'));
  expect(held.value).toBe(1);
  for (const hostile of ['-2', 'x', '1e999', '2.5', '0']) {
    const other = await pageAt(`/drafts?page=${hostile}`, () => usePage());
    expect(other.held.value).toBe(1);
  }
});

test('what is typed is sought once the typing pauses, and not after the page was left', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { held, scope, address } = await pageAt('/live?q=old', () => useSearch());
  expect(held.text.value).toBe('old');
  for (const next of ['村', '村口 ', ' 村口屏 ']) {
    held.text.value = next;
    await vi.advanceTimersByTimeAsync(299);
    expect(held.sought.value).toBe('old');
  }
  await vi.advanceTimersByTimeAsync(1);
  expect(held.sought.value).toBe('村口屏');
  held.text.value = 'later';
  await vi.advanceTimersByTimeAsync(100);
  scope.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(decodeURIComponent(address())).toBe('/live?q=村口屏');
});
