/**
 * The kernel: the media of a product, the service that stores and serves them, and the problems
 * that it reports. It depends on no other package of Canvas.
 *
 * <ul>
 *   <li>The service: {@link dev.canvas.media.MediaService} with its answers {@link
 *       dev.canvas.media.Lookup}, {@link dev.canvas.media.Written} and {@link
 *       dev.canvas.media.Outcome}.
 *   <li>The values: {@link dev.canvas.media.ProductId}, {@link dev.canvas.media.MediaItem}, and
 *       {@link dev.canvas.media.ProductMedia}, the stored document of a product.
 *   <li>Writes: {@link dev.canvas.media.Change} and its {@link dev.canvas.media.Precondition};
 *       {@code ItemsEdit} and {@code SlotsEdit} compute the new items.
 *   <li>JSON in: {@link dev.canvas.media.MediaReader}, {@link dev.canvas.media.ProductReader} and
 *       {@link dev.canvas.media.SlotsReader} read bodies with {@code ItemReader} and {@code
 *       JsonBody}; {@link dev.canvas.media.MediaRules} validates. JSON out: {@link
 *       dev.canvas.media.ItemsJson}.
 *   <li>Failures: {@link dev.canvas.media.Problem} and {@link dev.canvas.media.ProblemException};
 *       {@code Faults} collects all errors of one body, and {@link dev.canvas.media.Redactor} takes
 *       secrets out of what leaves the process.
 * </ul>
 *
 * <p>To add an attribute to an item, change {@link dev.canvas.media.MediaItem}, {@code ItemReader},
 * {@link dev.canvas.media.ItemsJson} and, if its values are restricted, {@link
 * dev.canvas.media.MediaRules}.
 */
package dev.canvas.media;
