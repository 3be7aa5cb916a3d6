// Deployments as answers have them.
import type { Deployment } from './deployments.ts';
import type { Action, Plan } from './plan.ts';

type Json = Record<string, unknown>;

const renderAction = ({ action, app }: Action): Json => ({ action, app: app.id });

export function renderSteps({ steps }: Plan): Json[] {
  return steps.map((actions) => ({ actions: actions.map(renderAction) }));
}

export function renderDeployment({ plan, step }: Deployment): Json {
  const current = step === 0 ? [] : (plan.steps[step - 1] ?? []);
  return {
    id: plan.id,
    steps: renderSteps(plan),
    version: plan.version,
    affectedApps: [...plan.affected],
    affectedPods: [],
    currentActions: current.map((action) => ({ ...renderAction(action), readinessCheckResults: [] })),
    currentStep: step,
    totalSteps: plan.steps.length,
  };
}
