import { createRouter, createWebHistory } from 'vue-router';
import { ensureSession } from './state/session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Which entry of the navigation is lit. */
    readonly section?: 'figures' | 'live' | 'claim' | 'schedules' | 'denials' | 'people' | 'audit';
    readonly title?: string;
    /** Open without a session, drawn without the shell. */
    readonly bare?: boolean;
  }
}

/** Addresses of the console; each page is its own chunk. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/figures' },
    {
      path: '/login',
      name: 'login',
      component: () => import('./pages/login/LoginPage.vue'),
      meta: { bare: true, title: '登录' },
    },
    {
      path: '/figures',
      name: 'figures',
      component: () => import('./pages/assessment/FiguresPage.vue'),
      meta: { section: 'figures', title: '开机率与使用率' },
    },
    {
      path: '/figures/:region(\\d+)',
      name: 'county',
      component: () => import('./pages/assessment/CountyPage.vue'),
      meta: { section: 'figures', title: '县（市、区）' },
    },
    {
      path: '/screens',
      name: 'live',
      component: () => import('./pages/live/LivePage.vue'),
      meta: { section: 'live', title: '大屏' },
    },
    {
      path: '/screens/:screen',
      name: 'screen',
      component: () => import('./pages/screen/ScreenPage.vue'),
      meta: { section: 'live', title: '大屏' },
    },
    {
      path: '/claim',
      name: 'claim',
      component: () => import('./pages/claim/ClaimPage.vue'),
      meta: { section: 'claim', title: '登记大屏' },
    },
    {
      path: '/denials',
      name: 'denials',
      component: () => import('./pages/denial/DenialPage.vue'),
      meta: { section: 'denials', title: '撤播与停播' },
    },
    {
      path: '/people',
      name: 'people',
      component: () => import('./pages/people/PeoplePage.vue'),
      meta: { section: 'people', title: '人员' },
    },
    {
      path: '/audit',
      name: 'audit',
      component: () => import('./pages/audit/AuditPage.vue'),
      meta: { section: 'audit', title: '审计' },
    },
    {
      path: '/schedules',
      name: 'schedules',
      component: () => import('./pages/schedule/SchedulesPage.vue'),
      meta: { section: 'schedules', title: '排期' },
    },
    {
      path: '/schedules/:schedule',
      name: 'schedule',
      component: () => import('./pages/schedule/SchedulePage.vue'),
      meta: { section: 'schedules', title: '排期' },
    },
    {
      path: '/drafts',
      name: 'drafts',
      component: () => import('./pages/schedule/DraftsPage.vue'),
      meta: { section: 'schedules', title: '草稿与送审' },
    },
    {
      path: '/drafts/:draft',
      name: 'draft',
      component: () => import('./pages/schedule/DraftPage.vue'),
      meta: { section: 'schedules', title: '草稿' },
    },
    {
      path: '/drafts/:draft/publish',
      name: 'publish',
      component: () => import('./pages/schedule/PublishPage.vue'),
      meta: { section: 'schedules', title: '可行性报告' },
    },
    {
      path: '/policies',
      name: 'policies',
      component: () => import('./pages/schedule/PoliciesPage.vue'),
      meta: { section: 'schedules', title: '规则' },
    },
    {
      path: '/publications',
      name: 'publications',
      component: () => import('./pages/schedule/PublicationsPage.vue'),
      meta: { section: 'schedules', title: '发布进度' },
    },
    {
      path: '/publications/:draft',
      name: 'publication',
      component: () => import('./pages/schedule/PublicationPage.vue'),
      meta: { section: 'schedules', title: '发布进度' },
    },
    {
      path: '/:rest(.*)*',
      name: 'lost',
      component: () => import('./pages/LostPage.vue'),
      meta: { title: '没有这一页' },
    },
  ],
  scrollBehavior: () => ({ top: 0 }),
});

router.beforeEach(async (to) => {
  if (to.meta.bare === true) return true;
  let person = null;
  try {
    person = await ensureSession();
  } catch {
    // The center cannot be asked: the login page tells so and offers to try again.
  }
  return person === null ? { name: 'login', query: { next: to.fullPath } } : true;
});

router.afterEach((to) => {
  document.title = `${to.meta.title ?? ''} · 科普大屏播控中心`.replace(/^ · /, '');
});
