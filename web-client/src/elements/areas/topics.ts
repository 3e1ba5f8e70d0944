import '../filters/filters.ts';
import '../publish/publish.ts';
import '../topics/topics.ts';
