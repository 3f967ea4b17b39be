import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, defaultTextMapGetter, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { getNumberFromEnv, setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type BatchSpanProcessorOptions, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import type { OnStatement } from '../db/database.ts';
import { operationOf } from '../http/measure-requests.ts';
import { samplerOf, traceLimit } from './sampler.ts';
import { statementName } from './statement-name.ts';

/** What is not sent within this time when the server stops is lost, in milliseconds. */
const FLUSH_LIMIT_MS = 1_000;

/** Traces what the server does, and sends it where the environment says. */
export interface Tracing {
  /**
   * A span per request that is traced, named by its route, never by its path; `traceparent` is taken from the request, and given with the
   * answer. A request that brings no trace and is not recorded is given none.
   */
  readonly traceRequests: RequestHandler;
  /** A span per statement of a request, without the text and the values. */
  readonly onStatement: OnStatement;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Starts it, by the standard environment variables of OpenTelemetry. */
export async function startTracing(settings: Settings, logger: Logger): Promise<Tracing> {
  setGlobalErrorHandler((err) => logger.warn({ err }, 'traces were not sent'));
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'leads-api' }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(process.env),
    spanProcessors: [new BatchSpanProcessor({ exporter: await exporterOf(settings), ...batchLimits() })],
  });
  const tracer = provider.getTracer('@leads/server');
  const propagator = new W3CTraceContextPropagator();
  const mayBegin = traceLimit(process.env);
  const active = new AsyncLocalStorage<Context>();
  const header = { set: (res: Response, name: string, value: string) => void res.setHeader(name, value) };
  return {
    traceRequests(req, res, next) {
      const parent = propagator.extract(ROOT_CONTEXT, req.headers, defaultTextMapGetter);
      // Also where what it brings is no trace.
      const isBegunHere = trace.getSpan(parent) === undefined;
      if (isBegunHere && !mayBegin()) return next();
      const { method, requestId } = req;
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent);
      // Nobody could find it anywhere.
      if (isBegunHere && !span.isRecording()) return next();
      const context = trace.setSpan(parent, span);
      req.traceId = span.spanContext().traceId;
      propagator.inject(context, res, header);
      if (!span.isRecording()) return next();
      res.once('close', () => {
        const route = (req.route as { path?: string } | undefined)?.path;
        if (route) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
        span.setAttributes({
          'http.request.method': method,
          'http.response.status_code': res.statusCode,
          'leads.operation': operationOf(req),
          'leads.request_id': requestId,
          ...(res.errorCode !== undefined && { 'error.type': res.errorCode }),
        });
        if (res.statusCode >= 500 || !res.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      active.run(context, next);
    },
    onStatement(text) {
      const parent = active.getStore();
      // What a request has left to be done later, such as a job, is no part of it.
      if (!parent || !trace.getSpan(parent)?.isRecording()) return undefined;
      const name = statementName(text);
      const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': name };
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
      return (error) => {
        if (error) {
          // PostgreSQL quotes values in its messages.
          const { code, name: type } = error as Error & { code?: string };
          span.setAttributes({ 'error.type': code ?? type, ...(code && { 'db.response.status_code': code }) });
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      };
    },
    async stop() {
      await provider.forceFlush({ timeoutMillis: FLUSH_LIMIT_MS }).catch(() => {});
      void provider.shutdown().catch(() => {});
    },
  };
}

async function exporterOf({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol }: Settings): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

function batchLimits(): Omit<BatchSpanProcessorOptions, 'exporter'> {
  const limits = {
    maxQueueSize: getNumberFromEnv('OTEL_BSP_MAX_QUEUE_SIZE'),
    maxExportBatchSize: getNumberFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    scheduledDelayMillis: getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY'),
    exportTimeoutMillis: getNumberFromEnv('OTEL_BSP_EXPORT_TIMEOUT'),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
