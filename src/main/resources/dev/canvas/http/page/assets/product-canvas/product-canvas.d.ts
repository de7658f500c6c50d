// The types of the gallery element. docs/gallery.md describes them.

/** An item of a media document. */
export interface MediaItem {
  id?: number;
  type: "image" | "video";
  url: string;
  alt?: string | null;
  decorative?: boolean;
  width?: number | null;
  height?: number | null;
  poster?: string | null;
  mime?: string | null;
  placeholder?: string | null;
  focal?: { x: number; y: number } | null;
  variants?: string[];
}

/** A media document, as the API answers it. */
export interface MediaDocument {
  product_id?: number;
  version: number;
  media: MediaItem[];
}

/** An item as the gallery shows it. */
export interface GalleryItem {
  readonly id: number | null;
  readonly type: "image" | "video";
  readonly url: string;
  readonly alt: string;
  readonly decorative: boolean;
  readonly width: number | null;
  readonly height: number | null;
  readonly poster: string | null;
  readonly mime: string | null;
}

export interface ItemDetail {
  readonly index: number;
  readonly item: GalleryItem;
  readonly total: number;
}

export interface LoadDetail {
  readonly document: MediaDocument;
  readonly total: number;
  readonly cacheStatus: string | null;
  readonly milliseconds: number | null;
}

export interface ErrorDetail {
  readonly kind: "document" | "picture" | "video";
  readonly message: string;
  readonly status: number;
  readonly index: number | null;
  readonly item: GalleryItem | null;
}

export interface ProductCanvasEvents {
  "canvas:load": CustomEvent<LoadDetail>;
  "canvas:change": CustomEvent<ItemDetail>;
  "canvas:open": CustomEvent<ItemDetail>;
  "canvas:close": CustomEvent<ItemDetail>;
  "canvas:error": CustomEvent<ErrorDetail>;
}

export class ProductCanvas extends HTMLElement {
  /** The texts of all galleries; replace them for another language. */
  static readonly texts: Record<string, string>;

  get document(): MediaDocument | null;
  set document(value: MediaDocument | string | null | undefined);
  readonly items: GalleryItem[];
  index: number;

  productId: string;
  src: string;
  renditions: string;
  widths: string;
  sizes: string;
  layout: string;
  label: string;
  aspect: string;
  width: string;
  height: string;
  crossOrigin: string;
  live: boolean;
  httpsOnly: boolean;

  next(): void;
  previous(): void;
  open(index?: number): void;
  close(): void;
  reload(): Promise<void>;

  addEventListener<K extends keyof ProductCanvasEvents>(
    type: K,
    listener: (this: ProductCanvas, event: ProductCanvasEvents[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "product-canvas": ProductCanvas;
  }
}
