# Builds the image of the service: docker build -t canvas .
#
# Build arguments select other base images:
# docker build --build-arg MAVEN_IMAGE=… --build-arg JRE_IMAGE=… .
# MAVEN_IMAGE needs a JDK 17 or later and Maven 3.8 or later; JRE_IMAGE needs Java 17 or later, bash, and openssl for
# compose.cluster.yaml. Images of Debian and Ubuntu have openssl, as ca-certificates depends on it.
ARG MAVEN_IMAGE=maven:3-eclipse-temurin-17
ARG JRE_IMAGE=eclipse-temurin:17-jre

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
# Dependencies come before sources, so that a change of the sources does not download them again.
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -ntp dependency:resolve -DincludeScope=runtime
COPY conf conf
COPY seed seed
COPY src/main src/main
# Tests and format checks run before the image is built. The excluded groups are the Postgres and the Redis
# of 'canvas up', which 'canvas serve' does not need.
RUN mvn -B -ntp package -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -DexcludeGroupIds=io.zonky.test.postgres,org.signal

FROM ${JRE_IMAGE}
LABEL org.opencontainers.image.title="Canvas" \
      org.opencontainers.image.description="Serves the pictures and videos of product pages: HTTP, event bus, Redis, Postgres, on Vert.x 5." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /build/target/lib /opt/canvas/lib
COPY --from=build /build/target/canvas.jar /opt/canvas/
COPY conf/container/health conf/container/make-certificates /opt/canvas/
# A new volume that is mounted there gets this owner and mode: see compose.cluster.yaml.
RUN install -d -o 10001 -g 10001 -m 700 /opt/canvas/certificates
# An archive of the loaded classes (class-data sharing) shortens the start by a third.
RUN java -XX:ArchiveClassesAtExit=/opt/canvas/canvas.jsa -jar /opt/canvas/canvas.jar train-cds >/dev/null
# A numeric user, so that Kubernetes can verify that it is not root. The service writes to /tmp only.
USER 10001:10001
WORKDIR /opt/canvas
# 1121 is the HTTP API and the shop; 1122 is health and metrics, on loopback unless CANVAS_MANAGEMENT_HOST is set.
EXPOSE 1121 1122
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 CMD ["/opt/canvas/health"]
# The heap takes 60 % of the container's memory; Netty's buffers, code and stacks need the rest. Without a limit, or with
# one above 2 GB, it takes 60 % of 2 GB. JDK_JAVA_OPTIONS adds options: -Xmx4g sets another heap. Out of memory, the
# process exits so that it is restarted. PerMethodTrapLimit is explained in the launcher 'canvas'.
ENTRYPOINT ["java", "-XX:MaxRAM=2g", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-XX:PerMethodTrapLimit=1", \
  "-XX:SharedArchiveFile=/opt/canvas/canvas.jsa", "-Xlog:cds=off,cds+dynamic=off", "-Dcanvas.home=/opt/canvas", "-jar", "/opt/canvas/canvas.jar"]
# Requires CANVAS_AUTH_MODE (who may write) and CANVAS_POSTGRES_URI; conf/canvas.yaml lists all settings.
CMD ["serve"]
