import type { Scene } from './scene.ts';
import { sway } from './scene.ts';

const bubble = (x: number, y: number, r: number) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="#FFFFFF" opacity=".8"/><circle cx="${x - r * 0.3}" cy="${y - r * 0.3}" r="${r * 0.22}" fill="#7FC2CB"/>`;

/** 村级: an old person's fall, medicine, washing hands. */
export const VILLAGE_SCENES: readonly Scene[] = [
  {
    tier: 'village',
    kind: 'video',
    title: ['老人跌倒', '先别急着扶'],
    points: ['先问：疼在哪，能动吗', '再看：流血、歪嘴、说不清', '不对劲，别搬动，打 120'],
    source: '急救科普 · 演示素材',
    paper: '#DDECEB',
    ink: '#143B3F',
    soft: '#2D5559',
    art: `<rect y="600" width="1280" height="120" fill="#C0DAD8"/><ellipse cx="970" cy="612" rx="230" ry="20" fill="#A9C8C6"/>
      <g transform="translate(1120 400)"><rect width="112" height="112" rx="20" fill="#FFFFFF"/><path d="M56 24v64M24 56h64" stroke="#1F8A5B" stroke-width="24"/></g>
      <g transform="translate(690 430)"><path d="M40 0q40 0 40 34M40 0q-34 0 -34 30" fill="none" stroke="#8A5A2E" stroke-width="16" stroke-linecap="round"/><path d="M80 34v140" stroke="#8A5A2E" stroke-width="16" stroke-linecap="round"/></g>`,
    sprites: [
      sway(
        `<path d="M960 560Q770 430 770 310q0 -96 92 -104q66 0 98 66q32 -66 98 -66q92 8 92 104q0 120 -190 250Z" fill="#D0433F"/><path d="M812 250q16 -26 46 -26" stroke="#F3B3AE" stroke-width="14" stroke-linecap="round" fill="none"/>
         <path d="M790 370h90l24 -56l40 120l34 -84l16 20h136" fill="none" stroke="#FFFFFF" stroke-width="13" stroke-linecap="round" stroke-linejoin="round"/>`,
        { y: 7, seconds: 1 },
      ),
      { svg: `<circle cx="790" cy="370" r="15" fill="#FFD66B"/>`, dx: '340*mod(t,2)/2', dy: '7*sin(2*PI*t)' },
    ],
  },
  {
    tier: 'village',
    kind: 'hls',
    title: ['吃药之前', '看清药盒'],
    points: ['名称对不对，过期没有', '一次几片，一天几次', '几种药一起吃，先问医生'],
    source: '安全用药 · 演示素材',
    paper: '#FBE9DF',
    ink: '#4A2413',
    soft: '#69402B',
    art: `<rect y="590" width="1280" height="130" fill="#EFCDB9"/><ellipse cx="970" cy="606" rx="280" ry="22" fill="#DDB59E"/>
      <path d="M740 250l60 -44h270l-60 44Z" fill="#F7F3EE"/><path d="M1010 250l60 -44v300l-60 90Z" fill="#D9CFC4"/><rect x="740" y="250" width="270" height="346" fill="#FFFFFF"/><rect x="740" y="250" width="270" height="84" fill="#2F80A8"/><path d="M766 292h110M766 366h190M766 404h150M766 442h170" stroke-width="14" stroke-linecap="round" stroke="#C9DAE6"/><path d="M766 292h110" stroke="#FFFFFF" stroke-width="16" stroke-linecap="round"/><path d="M956 274v38M937 293h38" stroke="#FFFFFF" stroke-width="12"/><rect x="766" y="490" width="140" height="66" rx="8" fill="#FBE9DF"/><path d="M784 524h104" stroke="#C0562D" stroke-width="12" stroke-linecap="round"/>`,
    sprites: [
      sway(
        `<g transform="translate(1140 500) rotate(-32)"><rect x="-74" y="-30" width="148" height="60" rx="30" fill="#FFFFFF"/><path d="M0 -30h44a30 30 0 0 1 0 60H0Z" fill="#E0663A"/></g>`,
        { y: 9, seconds: 4 },
      ),
      sway(
        `<circle cx="1120" cy="380" r="34" fill="#FFFFFF"/><path d="M1096 380h48" stroke="#E7C9B8" stroke-width="7"/>`,
        { y: -8, seconds: 4, phase: 1 },
      ),
      sway(
        `<g transform="translate(846 424)"><circle r="84" fill="#9CCBF0" opacity=".35"/><circle r="84" fill="none" stroke="#4A2413" stroke-width="16"/><path d="M60 60l86 86" stroke="#4A2413" stroke-width="26" stroke-linecap="round"/></g>`,
        { x: 60, y: 34, seconds: 8 },
      ),
    ],
  },
  {
    tier: 'village',
    kind: 'image',
    title: ['把手洗干净', '搓够 20 秒'],
    points: ['流动水，打肥皂', '手心、手背、指缝、指尖', '饭前便后、回家先洗手'],
    source: '卫生科普 · 演示素材',
    paper: '#D6EEF0',
    ink: '#0C3F47',
    soft: '#255A62',
    art: `<rect y="600" width="1280" height="120" fill="#B5DADE"/><path d="M700 520h540q-20 130 -150 130H850q-130 0 -150 -130Z" fill="#FFFFFF"/><rect x="680" y="500" width="580" height="32" rx="16" fill="#E8EEF6"/>
      <path d="M1100 500V250q0 -80 -84 -80q-76 0 -76 70v20" fill="none" stroke="#8FA0B3" stroke-width="40"/><rect x="912" y="250" width="56" height="26" rx="8" fill="#6D7F92"/><rect x="1070" y="330" width="60" height="26" rx="8" fill="#6D7F92"/>
      <path d="M926 282h28v150h-28Z" fill="#7FC2F0"/>
      <g transform="translate(800 400)"><path d="M0 70q10 -50 70 -44l96 6q30 2 30 20t-30 18l-50 -2l96 16q26 8 20 26t-34 12l-90 -12q80 30 60 46q-10 12 -40 4l-76 -26q-46 -6 -52 -64Z" fill="#F3C9A5"/><path d="M300 62q-20 -46 -76 -34l-60 18q-20 10 -12 24t30 8l50 -10q60 10 68 -6Z" fill="#E9B48A"/></g>
      ${bubble(800, 380, 26)}${bubble(760, 430, 18)}${bubble(1060, 420, 24)}${bubble(1010, 372, 16)}${bubble(860, 352, 14)}${bubble(1130, 450, 14)}
      <g transform="translate(1150 420)"><rect y="20" width="86" height="90" rx="14" fill="#45BCC9"/><rect x="30" width="26" height="24" fill="#0B6C78"/><path d="M30 4H-2" stroke="#0B6C78" stroke-width="12" stroke-linecap="round"/><path d="M24 66h38" stroke="#FFFFFF" stroke-width="10" stroke-linecap="round"/></g>`,
    sprites: [],
  },
];
