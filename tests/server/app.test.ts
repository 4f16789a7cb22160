import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCenter } from '../helpers/center.ts';
import type { TestCenter } from '../helpers/center.ts';

let test: TestCenter;
beforeAll(async () => {
  test = await startCenter();
});
afterAll(() => test.stop());

it('loads every region of Henan', () => {
  const { region } = test.center.services;
  expect(region.cities()).toHaveLength(18);
  expect(region.counties()).toHaveLength(157);
});
