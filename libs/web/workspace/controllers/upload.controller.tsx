import { Controller, Get, Param, Post, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { ComponentChildren } from 'preact';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { problemOf } from '../../../http/problem.js';
import { Terms } from '../../../http/terms.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { encodings } from '../../../spreadsheets/table.js';
import { templateCsv, templateXlsx } from '../../../spreadsheets/template.js';
import { currencyOf } from '../../currency.js';
import { InCurrency } from '../../page.js';
import { crumbsTo } from '../crumbs.js';
import { encodingField, UploadForm } from '../pages/upload.js';
import { UploadCheck, UploadReceipt } from '../pages/upload-check.js';
import { WorkspaceReads } from '../reads.js';
import { FoundBefore } from '../uploads/found-before.js';
import { KeptUploads, type KeptUpload } from '../uploads/kept-uploads.js';
import { SheetUploads, type SheetFound } from '../uploads/sheet-uploads.js';
import { NotThere, WorkspacePages, type OwnPage } from '../workspace-pages.js';
import { todayIn } from './forms.controller.js';

type Request = FastifyRequest;
type Reply = FastifyReply;
type Fault = 'uploadTooLarge' | 'uploadMissing';

/** Units of the rate limit for checking or recording a file; each of its rows costs another one. */
const cost = 10;

/** Spreadsheets: the form that takes one, its check, and its recording. The file waits on the server in between, for its sender alone. */
@ApiExcludeController()
@Controller('workspace/p/:programme/upload')
export class UploadController {
  constructor(
    private readonly pages: WorkspacePages,
    private readonly reads: WorkspaceReads,
    private readonly uploads: SheetUploads,
    private readonly kept: KeptUploads,
    private readonly foundBefore: FoundBefore,
  ) {}

  @Get()
  @Anyone()
  form(@Param('programme') programme: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, (own) => this.formOf(own, programme));
  }

  /** Takes a file, and goes on with its check. */
  @Post()
  @Anyone()
  @Terms({ takes: 'multipart/form-data' })
  take(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.takeUpload(
      request,
      reply,
      async (own, form, bytes) => {
        if (!this.uploads.canSend) return this.formOf(own, code);
        if (bytes.length === 0) return this.formOf(own, code, 'uploadMissing', 400);
        const { programme } = await this.programme(own, code);
        const encoding = encodings.find((one) => one === form.text(encodingField));
        const { language } = own.page.speech;
        const id = this.kept.keep({ programme, bytes, language, ...(encoding && { encoding }) }, own.session);
        return own.goTo(`/workspace/p/${programme}/upload/${id}`);
      },
      (own) => this.formOf(own, code, 'uploadTooLarge', 413),
    );
  }

  @Get('template.csv')
  @Anyone()
  csv(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return this.pages.show(request, reply, (own) => {
      own.requireRole('ministry', 'finance');
      void reply.headers(fileHeaders('text/csv; charset=utf-8', 'template.csv'));
      return Promise.resolve(templateCsv());
    });
  }

  @Get('template.xlsx')
  @Anyone()
  async workbook(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string | StreamableFile> {
    let file: Uint8Array | undefined;
    const page = await this.pages.show(request, reply, async (own) => {
      own.requireRole('ministry', 'finance');
      file = await templateXlsx();
      void reply.headers(fileHeaders('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'template.xlsx'));
      return '';
    });
    return file ? new StreamableFile(file) : page;
  }

  /** The check of an upload, or its receipt. */
  @Get(':upload')
  @Anyone()
  @Terms({ cost })
  check(
    @Param('programme') code: string,
    @Param('upload') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.show(request, reply, async (own) => {
      const { programme, upload } = await this.uploadOf(own, code, id);
      const here = `/workspace/p/${code}`;
      const sent = await upload.recording;
      if (sent) return this.page(own, programme, <UploadReceipt here={here} sent={sent} />);
      return this.checked(own, programme, id, await this.found(own, programme, id, upload, request));
    });
  }

  /** Records an upload, once however often it is asked. */
  @Post(':upload')
  @Anyone()
  @Terms({ takes: 'application/x-www-form-urlencoded', cost })
  record(
    @Param('programme') code: string,
    @Param('upload') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return this.pages.take(request, reply, async (own) => {
      const { programme, upload } = await this.uploadOf(own, code, id);
      if (!upload.recording) {
        // Records of a moment ago may not be folded yet, so an upload is always checked before it is recorded.
        const found = await this.checkRows(own, programme, upload, request);
        if (found.sheet.faults.length > 0 || found.refused.length > 0) return this.checked(own, programme, id, found, { status: 409 });
        upload.recording ??= this.uploads.record(found, programme, own.session);
        try {
          await upload.recording;
        } catch (error) {
          delete upload.recording;
          if (problemOf(error).problem.status < 500) throw error;
          return this.checked(own, programme, id, found, { status: 503, unknown: true });
        }
      }
      return own.goTo(`/workspace/p/${code}/upload/${id}`);
    });
  }

  /** What a check finds: tried again only after something was recorded in the programme, or its day is over. The person who has it tried is charged for its rows. */
  private found(own: OwnPage, programme: ProgrammeView, id: string, upload: KeptUpload, request: Request): Promise<SheetFound> {
    return this.foundBefore.of([id, programme.position, todayIn(programme)], () => this.checkRows(own, programme, upload, request));
  }

  private async checkRows(own: OwnPage, programme: ProgrammeView, upload: KeptUpload, request: Request): Promise<SheetFound> {
    const found = await this.uploads.check(upload, programme, own.session);
    request.commandsSent = found.sheet.commands.length;
    return found;
  }

  private async uploadOf(own: OwnPage, code: string, id: string): Promise<{ programme: ProgrammeView; upload: KeptUpload }> {
    const programme = await this.programme(own, code);
    const upload = this.kept.of(own.session, code, id);
    if (!upload) throw new NotThere(id);
    return { programme, upload };
  }

  private programme(own: OwnPage, code: string): Promise<ProgrammeView> {
    own.requireRole('ministry', 'finance');
    return this.reads.programme(code, own.about(code));
  }

  private async formOf(own: OwnPage, code: string, fault?: Fault, status = 200): Promise<string> {
    const programme = await this.programme(own, code);
    const { canSend } = this.uploads;
    const form = <UploadForm action={`/workspace/p/${code}/upload`} session={own.session} canSend={canSend} fault={fault} />;
    return this.page(own, programme, form, status);
  }

  private checked(own: OwnPage, programme: ProgrammeView, id: string, found: SheetFound, { status = 200, unknown = false } = {}): string {
    const here = `/workspace/p/${programme.programme}`;
    const page = <UploadCheck here={here} action={`${here}/upload/${id}`} session={own.session} found={found} unknown={unknown} />;
    return this.page(own, programme, page, status);
  }

  private page(own: OwnPage, programme: ProgrammeView, content: ComponentChildren, status = 200): string {
    const inCurrency = <InCurrency value={currencyOf(programme)}>{content}</InCurrency>;
    return own.html(own.say('upload'), crumbsTo(own, programme), inCurrency, status);
  }
}

function fileHeaders(type: string, name: string): Record<string, string> {
  return { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` };
}
