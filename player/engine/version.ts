/** What the boot record, the enrolment and the glass name; moves with package.json. */
export const PLAYER_VERSION = '0.1.0';
