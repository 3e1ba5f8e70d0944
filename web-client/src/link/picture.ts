import type { Size } from '../state/uploads.ts';

/** The size of a picture in pixels; undefined for what browsers do not draw. */
export async function measure(file: File): Promise<Size | undefined> {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(file.type)) return undefined;
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return undefined;
  }
}
