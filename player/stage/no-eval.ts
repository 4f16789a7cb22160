import { z } from 'zod';

// Imported before any schema is made: compiled parsers need eval, which the page's policy forbids.
z.config({ jitless: true });
