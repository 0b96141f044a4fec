/**
 * The yardstick of the ledger's HTTP: Nest on Fastify as its documentation shows it. It checks the same token, validates the same body with the same
 * class, and answers a constant.
 */
import 'reflect-metadata';
import { Body, Controller, Get, Module, Post, UseGuards, ValidationPipe, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ownKey } from '../apps/standalone/own-key.js';
import { RecordSpendingBody } from '../libs/http/dto/command-bodies.js';
import { TokenVerifier } from '../libs/http/tokens.js';

const [dataDir = ''] = process.argv.slice(2);
const { publicKey } = await ownKey(dataDir);
const tokens = new TokenVerifier({
  key: publicKey,
  issuer: 'initiative-ledger',
  audience: 'initiative-ledger',
  type: 'at+jwt',
  now: () => Date.now(),
});

class TokenGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    await tokens.actorOf(authorization.slice('Bearer '.length));
    return true;
  }
}

const receipt = {
  commandId: '0192f3a1-7c1e-7d3a-9f8b-2c4d6e8f0a1b',
  programme: 'p',
  initiative: 'i',
  version: 7,
  position: 4711,
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  events: ['SpendingRecorded'],
};

@Controller('programmes/:programme/initiatives/:initiative')
class NothingController {
  @Post('spending')
  @UseGuards(TokenGuard)
  record(@Body(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true })) _body: RecordSpendingBody) {
    return receipt;
  }
  /** As many bytes as an initiative's document. */
  @Get()
  @UseGuards(TokenGuard)
  read() {
    return { ...receipt, text: 'x'.repeat(600) };
  }
}

@Module({ controllers: [NothingController] })
class NothingModule {}

const application = await NestFactory.create<NestFastifyApplication>(NothingModule, new FastifyAdapter(), { logger: false });
await application.listen(0, '127.0.0.1');
process.stdout.write(`${await application.getUrl()}\n`);
