/** The workspace as an app serves it: its controllers, and what they need beside the dependencies of HTTP. */
import type { Provider, Type } from '@nestjs/common';
import { dependenciesToken, type Dependencies } from '../../http/dependencies.js';
import { OwnWrites } from '../../http/own-writes.js';
import { sessionTokensToken } from '../../http/sessions.js';
import { SubmittedLines } from '../../http/submitted-lines.js';
import { CommandSteps } from './command-steps.js';
import { AbsorptionController } from './controllers/absorption.controller.js';
import { CorrectionController } from './controllers/correction.controller.js';
import { EntriesController } from './controllers/entries.controller.js';
import { FormsController } from './controllers/forms.controller.js';
import { FundingController } from './controllers/funding.controller.js';
import { HomeController } from './controllers/home.controller.js';
import { OidcController } from './controllers/oidc.controller.js';
import { WorkspaceRequestsController } from './controllers/requests.controller.js';
import { SignInController } from './controllers/sign-in.controller.js';
import { UploadController } from './controllers/upload.controller.js';
import { VerificationController } from './controllers/verification.controller.js';
import { YearsController } from './controllers/years.controller.js';
import { earlierPaymentsToken, PaymentsOfProgramme } from './earlier-payments.js';
import { Attempts } from './oidc/attempt.js';
import { Issuer, issuerToken, type OidcOptions } from './oidc/issuer.js';
import { WorkspaceReads } from './reads.js';
import { commandSenderToken, type CommandSender } from './sending/command-sender.js';
import { commandsService } from './sending/commands-service.js';
import { ownCommands } from './sending/own-commands.js';
import { Sessions } from './session.js';
import { FoundBefore } from './uploads/found-before.js';
import { UnsentForms } from './unsent-forms.js';
import { KeptUploads } from './uploads/kept-uploads.js';
import { SheetUploads } from './uploads/sheet-uploads.js';
import { WorkspacePages } from './workspace-pages.js';

export const workspaceControllers: readonly Type[] = [
  SignInController,
  OidcController,
  HomeController,
  FormsController,
  CorrectionController,
  FundingController,
  VerificationController,
  YearsController,
  EntriesController,
  AbsorptionController,
  UploadController,
  WorkspaceRequestsController,
];

export type WorkspaceOptions = {
  /** Seals sessions; the same in all processes that share them. If empty, sessions end with the process. */
  sessionSecret: string;
  /** The address of a commands service, for a process that takes no commands itself. If empty there, the workspace only reads. */
  commandsUrl: string;
  /** The issuer at which people may sign in by OpenID Connect, if there is one. */
  oidc?: OidcOptions | undefined;
};

export function workspaceProviders({ sessionSecret, commandsUrl, oidc }: WorkspaceOptions): Provider[] {
  const issuer = oidc && new Issuer(oidc);
  return [
    WorkspacePages,
    WorkspaceReads,
    CommandSteps,
    { provide: KeptUploads, useFactory: () => new KeptUploads(() => performance.now()) },
    SheetUploads,
    FoundBefore,
    { provide: earlierPaymentsToken, useClass: PaymentsOfProgramme },
    { provide: Sessions, useFactory: ({ tokens }: Dependencies) => new Sessions(tokens, sessionSecret), inject: [dependenciesToken] },
    { provide: sessionTokensToken, useExisting: Sessions },
    { provide: UnsentForms, useValue: new UnsentForms(sessionSecret) },
    { provide: issuerToken, useValue: issuer },
    { provide: Attempts, useValue: new Attempts(sessionSecret, issuer?.isSecure === true) },
    {
      provide: commandSenderToken,
      useFactory: ({ commands }: Dependencies, submitted: SubmittedLines, ownWrites: OwnWrites): CommandSender | undefined => {
        if (commands) return ownCommands(submitted);
        return commandsUrl === '' ? undefined : commandsService(commandsUrl, ownWrites);
      },
      inject: [dependenciesToken, SubmittedLines, OwnWrites],
    },
  ];
}
