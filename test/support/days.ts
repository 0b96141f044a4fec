/** The calendar of the programmes that tests establish. A test may run at any hour: for six hours of each day Bishkek is a day ahead of UTC. */
import { dayIn, fiscalYearOf } from '../../libs/domain/calendar.js';

export const timeZone = 'Asia/Bishkek';
export const today = () => dayIn(timeZone, Date.now());
export const thisYear = fiscalYearOf(today());
