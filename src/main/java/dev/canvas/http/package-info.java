/**
 * The HTTP side of the service. {@link dev.canvas.http.HttpVerticle} puts it together from these
 * packages, each of which depends only on those below it:
 *
 * <ul>
 *   <li>{@code api}: the media API and the API of the service that Canvas replaces.
 *   <li>{@code bulk}: streams, which are bulk imports and exports.
 *   <li>{@code live}: change events for browsers, over WebSockets.
 *   <li>{@code page}: the shop, the editor and the gallery element.
 *   <li>{@code management}: the operator's port, with a verticle of its own.
 *   <li>{@code access}: who may read and write: credentials and cross-origin rules.
 *   <li>{@code exchange}: what every resource needs: routes, bodies, queries, replies, problems.
 *   <li>{@code connection}: the limits and the graceful end of connections.
 * </ul>
 *
 * <p>Handlers know the {@link dev.canvas.media.MediaService} and neither the event bus nor a store.
 */
package dev.canvas.http;
