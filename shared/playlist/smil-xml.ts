import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element of a document that holds no text of its own. */
export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** From 1. */
  readonly line: number;
}

/** Why text is not read as SMIL, and where; for operators. */
export class SmilError extends Error {
  override readonly name = 'SmilError';
  readonly line: number;
  readonly zh: string;

  constructor(line: number, zh: string, en: string) {
    super(en);
    this.line = line;
    this.zh = zh;
  }
}

/** Longest document, in characters; and most elements in it. */
export const SMIL_LIMIT = 1_000_000;
const ELEMENTS_LIMIT = 20_000;
const DEPTH_LIMIT = 32;

/**
 * Reads XML into elements with their lines. A DOCTYPE is refused whole, and with it every entity but
 * the five of XML itself: nothing is fetched and nothing unfolds.
 * @throws SmilError
 */
export function parseXml(text: string): XmlElement {
  if (text.length > SMIL_LIMIT)
    throw new SmilError(1, `超过 ${SMIL_LIMIT} 个字符`, `over ${SMIL_LIMIT} characters`);
  const doctype = /<!(DOCTYPE|ENTITY)/i.exec(text);
  if (doctype !== null)
    throw new SmilError(
      lineAt(text, doctype.index),
      '不收 DOCTYPE 和实体',
      'a DOCTYPE or entity is not taken',
    );
  if ((text.match(/<[a-z]/gi)?.length ?? 0) > ELEMENTS_LIMIT)
    throw new SmilError(1, `超过 ${ELEMENTS_LIMIT} 个元素`, `over ${ELEMENTS_LIMIT} elements`);
  const valid = XMLValidator.validate(text);
  if (valid !== true)
    throw new SmilError(valid.err.line, `XML 写法不对：${valid.err.msg}`, `not valid XML: ${valid.err.msg}`);
  const roots = elementsOf(parsed(text), text);
  const [root, ...others] = roots;
  if (root === undefined || others.length > 0)
    throw new SmilError(1, '要有一个根元素 smil', 'it needs the one root element smil');
  return root;
}

/** What the parser makes of an element, in order. */
type RawNode = Record<string | symbol, unknown>;

function parsed(text: string): RawNode[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    captureMetaData: true,
    maxNestedTags: DEPTH_LIMIT,
  });
  try {
    return parser.parse(text) as RawNode[];
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new SmilError(1, `XML 读不了：${detail}`, `the XML cannot be read: ${detail}`);
  }
}

function elementsOf(nodes: readonly RawNode[], text: string): XmlElement[] {
  return nodes.flatMap((node): XmlElement[] => {
    const tag = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
    if (tag === undefined) {
      if (typeof node['#text'] === 'string' && node['#text'].trim() !== '')
        throw new SmilError(
          1,
          `元素之间有文字“${node['#text'].trim().slice(0, 20)}”`,
          'text between elements',
        );
      return [];
    }
    const meta = node[XMLParser.getMetaDataSymbol() as symbol] as { startIndex?: number } | undefined;
    const children = Array.isArray(node[tag]) ? (node[tag] as RawNode[]) : [];
    const attributes = (node[':@'] ?? {}) as Record<string, string>;
    const name = tag.includes(':') ? tag.slice(tag.indexOf(':') + 1) : tag;
    return [
      { name, attributes, children: elementsOf(children, text), line: lineAt(text, meta?.startIndex ?? 0) },
    ];
  });
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** An attribute's value as XML writes it. @throws SmilError for characters that XML 1.0 cannot hold */
export function escapeXml(text: string): string {
  if (/[\p{Cc}\ufffe\uffff]|\p{Surrogate}/u.test(text))
    throw new SmilError(1, '名字里有 XML 写不了的控制字符', 'a name holds characters that XML cannot');
  const names: Readonly<Record<string, string>> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": 'apos',
  };
  return text.replace(/[&<>"']/g, (char) => `&${names[char]};`);
}
