/** What the area of topics is made of, loaded when one goes there. */
import '../topics/topics.ts';
