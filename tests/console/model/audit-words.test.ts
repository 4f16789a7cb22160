import { describe, expect, it } from 'vitest';
import { detailText, rawDetail } from '../../../server/console/model/audit-words.ts';

describe('the details of an audit entry', () => {
  it('are read in words: roles named, hashes cut, long lists counted, empty ones left out', () => {
    expect(
      detailText({
        login: 'lin',
        organisation: null,
        assets: [],
        comment: '',
        disabled: true,
        grants: [{ role: 'operator', region: '41', expiresAtMs: null }],
        hash: 'a'.repeat(64),
        changes: ['created a', 'created b', 'removed c', 'removed d'],
      }),
    ).toBe(
      '账号 lin；停用 是；角色 播控员 41；内容 aaaaaaaaaaaa；改动 created a、created b、removed c 等 4 项',
    );
    const ends = Date.parse('2026-12-31T12:00:00+08:00');
    expect(detailText({ grants: [{ role: 'reviewer', region: '4112', expiresAtMs: ends }] })).toBe(
      '角色 审核员 4112，到 2026-12-31',
    );
  });

  it('keep what has no word, and stand whole where the log’s own form is wanted', () => {
    expect(detailText({ other: { a: 1 } })).toBe('other {"a":1}');
    expect(rawDetail({ hash: 'a'.repeat(64), grants: [] })).toBe(`hash ${'a'.repeat(64)}\ngrants []`);
  });
});
