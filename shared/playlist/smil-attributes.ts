import { SmilError } from './smil-xml.ts';
import type { XmlElement } from './smil-xml.ts';

/** Our own attribute, which says what SMIL alone cannot. */
export function attribute({ attributes }: XmlElement, name: string): string | undefined {
  return attributes[`kepu:${name}`];
}

/** Whether an element holds others in time. */
export function isContainer({ name }: XmlElement): boolean {
  return name === 'seq' || name === 'par' || name === 'excl';
}

/** Attributes that say nothing about what is on when; every other that is not named is refused. */
const HARMLESS =
  /^(xmlns(:.*)?|xml:(id|lang|base)|id|class|region|regionName|alt|author|copyright|xmlns:.*)$/;

/** @throws SmilError for an attribute that would change what is on when and is not among `known`. */
export function demandOnly(element: XmlElement, known: readonly string[]): void {
  for (const [name, value] of Object.entries(element.attributes)) {
    const bare = name.startsWith('kepu:') ? name.slice('kepu:'.length) : name;
    if (known.includes(bare) || HARMLESS.test(name)) continue;
    throw new SmilError(
      element.line,
      `${element.name} 的 ${name}="${value.slice(0, 40)}" 不能照样保留，去掉它`,
      `${name} of ${element.name} cannot be kept exactly`,
    );
  }
  const { dur } = element.attributes;
  if (dur !== undefined && dur !== 'indefinite' && isContainer(element))
    throw new SmilError(
      element.line,
      `${element.name} 的 dur="${dur}" 不能照样保留：时段写成 wallclock 的 begin 和 end`,
      'a dur of a container cannot be kept; say wallclock begin and end',
    );
}
