import { z } from 'zod';
import type { Brand } from './brand.ts';

/** Lower-case hex SHA-256 (64 characters): the name of an asset, a plan, a record. */
export type Sha256 = Brand<string, 'Sha256'>;
/** Administrative code of 2, 4, 6, 9 or 12 digits (GB/T 2260 + NBS); see shared/region. */
export type RegionCode = Brand<string, 'RegionCode'>;
/** An installed place. `s-` and 16 lower-case base32 characters. */
export type ScreenId = Brand<string, 'ScreenId'>;
/** First 32 hex characters of SHA-256 over the device's raw 32-byte Ed25519 public key. */
export type DeviceId = Brand<string, 'DeviceId'>;
/** One engine start: 32 random hex characters. */
export type BootId = Brand<string, 'BootId'>;
/** A schedule, stable over its versions: lower-case words joined by `-`. */
export type ScheduleId = Brand<string, 'ScheduleId'>;
/** A playlist, stable over its versions: lower-case words joined by `-`. */
export type PlaylistId = Brand<string, 'PlaylistId'>;
export type AccountId = Brand<string, 'AccountId'>;
/** A third party that operates screens (运营方). `o-` and 16 lower-case base32 characters. */
export type OrganisationId = Brand<string, 'OrganisationId'>;
/** A change of what is on air on its way through review. `d-` and 16 lower-case base32 characters. */
export type DraftId = Brand<string, 'DraftId'>;
/** A takedown or stop-all. `x-` and 16 lower-case base32 characters. */
export type DenialId = Brand<string, 'DenialId'>;

/** Only the type changes, so that the same schema also writes (a transform could not be encoded back). */
const branded = <Name extends string>(pattern: RegExp, what: string) =>
  z.string().regex(pattern, what) as unknown as z.ZodType<Brand<string, Name>, string>;

export const sha256Schema = branded<'Sha256'>(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');
export const regionCodeSchema = branded<'RegionCode'>(
  /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/,
  'a region code of 2, 4, 6, 9 or 12 digits',
);
export const screenIdSchema = branded<'ScreenId'>(/^s-[a-z2-7]{16}$/, 'a screen id');
export const deviceIdSchema = branded<'DeviceId'>(/^[0-9a-f]{32}$/, 'a device id');
export const bootIdSchema = branded<'BootId'>(/^[0-9a-f]{32}$/, 'a boot id');
export const scheduleIdSchema = branded<'ScheduleId'>(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a schedule id');
export const playlistIdSchema = branded<'PlaylistId'>(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a playlist id');
export const accountIdSchema = branded<'AccountId'>(/^a-[a-z2-7]{16}$/, 'an account id');
export const organisationIdSchema = branded<'OrganisationId'>(/^o-[a-z2-7]{16}$/, 'an organisation id');
export const draftIdSchema = branded<'DraftId'>(/^d-[a-z2-7]{16}$/, 'a draft id');
export const denialIdSchema = branded<'DenialId'>(/^x-[a-z2-7]{16}$/, 'a denial id');
