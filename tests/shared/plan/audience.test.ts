import { describe, expect, it } from 'vitest';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { audienceTest } from '../../../shared/plan/audience.ts';
import { audienceSchema } from '../../../shared/schedule/schedule.schema.ts';

const place = (region: string, tags: string[] = [], groups: string[] = []) => ({
  region: region as RegionCode,
  tags,
  groups,
});
/** Whether a schedule of the city 4101 with this audience reaches a place. */
const reaches = (audience: object, at: ReturnType<typeof place>) =>
  audienceTest({ region: '4101' as RegionCode, audience: audienceSchema.parse(audience) })(at);

describe('audience', () => {
  it('rule 17: an empty audience is the issuer’s subtree, no more and no less', () => {
    expect(reaches({}, place('410122100201'))).toBe(true);
    expect(reaches({}, place('4101'))).toBe(true);
    expect(reaches({}, place('410202'))).toBe(false);
    expect(reaches({}, place('41'))).toBe(false);
  });

  it('rule 17: one entry of every kind named, and no exclusion', () => {
    const audience = { regions: ['410122', '410181'], tags: ['school', 'clinic'], groups: ['g'] };
    expect(reaches(audience, place('410122100201', ['clinic'], ['g', 'h']))).toBe(true);
    expect(reaches(audience, place('410122100201', ['market'], ['g']))).toBe(false);
    expect(reaches(audience, place('410122100201', ['clinic'], ['h']))).toBe(false);
    expect(reaches(audience, place('410105001001', ['clinic'], ['g']))).toBe(false);
    const exclude = (kind: object) => ({ ...audience, exclude: kind });
    const there = place('410122100201', ['clinic'], ['g']);
    expect(reaches(exclude({ regions: ['410122100'] }), there)).toBe(false);
    expect(reaches(exclude({ tags: ['clinic'] }), there)).toBe(false);
    expect(reaches(exclude({ groups: ['g'] }), there)).toBe(false);
    expect(reaches(exclude({ regions: ['410181'], tags: ['school'], groups: ['h'] }), there)).toBe(true);
  });

  it('rule 17: a region outside the issuer’s subtree adds nothing', () => {
    expect(reaches({ regions: ['4102'] }, place('410200'))).toBe(false);
    expect(reaches({ regions: ['41'] }, place('410200'))).toBe(false);
    expect(reaches({ regions: ['41'] }, place('410122'))).toBe(true);
  });
});
