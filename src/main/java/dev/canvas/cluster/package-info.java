/** How nodes become members of one cluster: discovery, trust, and the cluster manager of Vert.x. */
package dev.canvas.cluster;
