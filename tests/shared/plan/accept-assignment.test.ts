import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../shared/core/canonical.ts';
import { instantSchema } from '../../../shared/core/time.ts';
import { acceptAssignment } from '../../../shared/plan/accept-assignment.ts';
import type { AssignmentOffer } from '../../../shared/plan/accept-assignment.ts';
import { makeAssignment } from './make-plan.ts';

const assignment = makeAssignment();

function offer(patch: Partial<AssignmentOffer> = {}) {
  const verdict = acceptAssignment({
    text: canonicalText(assignment),
    verified: true,
    device: assignment.device,
    acceptedCounter: 4,
    acceptedText: null,
    now: assignment.issuedAt,
    ...patch,
  });
  return verdict.ok ? (verdict.repeated ? 'repeated' : 'accepted') : verdict.code;
}

describe('a device offered an assignment', () => {
  it('accepts a verified one that is its own and newer', () => {
    expect(offer()).toBe('accepted');
  });

  it('refuses a bad signature before looking at the text', () => {
    expect(offer({ verified: false, text: '{' })).toBe('SIGNATURE_INVALID');
  });

  it('refuses what another device was told', () => {
    const text = canonicalText(makeAssignment({ device: 'e'.repeat(32) }));
    expect(offer({ text })).toBe('ASSIGNMENT_FOREIGN');
  });

  it('refuses an old counter, and the same counter with other words', () => {
    expect(offer({ acceptedCounter: 6 })).toBe('ASSIGNMENT_OLD');
    expect(offer({ acceptedCounter: 5, acceptedText: canonicalText(makeAssignment({ demo: true })) })).toBe(
      'ASSIGNMENT_OLD',
    );
  });

  it('takes a second delivery of the one in force for what it is', () => {
    expect(offer({ acceptedCounter: 5, acceptedText: canonicalText(assignment) })).toBe('repeated');
  });

  it('refuses an expired one, but never drops the one in force for its age', () => {
    const late = instantSchema.parse(assignment.expiresAt);
    expect(offer({ now: late })).toBe('ASSIGNMENT_EXPIRED');
    expect(offer({ now: late, acceptedCounter: 5, acceptedText: canonicalText(assignment) })).toBe(
      'repeated',
    );
  });

  it('refuses signed text that is no assignment', () => {
    for (const text of ['', 'null', '{"format":"kepu-assignment/2"}'])
      expect(offer({ text })).toBe('ASSIGNMENT_INVALID');
  });
});
