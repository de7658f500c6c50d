# The service as an image: docker build -t canvas .
#
# The base images are arguments, for those who build on others:
# docker build --build-arg JRE_IMAGE=… --build-arg MAVEN_IMAGE=… .
# The first needs a JDK 17 or later and Maven 3.8 or later, the second a Java 17 or later and bash.
ARG MAVEN_IMAGE=maven:3-eclipse-temurin-17
ARG JRE_IMAGE=eclipse-temurin:17-jre

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
# Dependencies before sources: a change of the latter does not download them again.
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -ntp dependency:resolve -DincludeScope=runtime
COPY conf conf
COPY seed seed
COPY src/main src/main
# Tests and the check of the format have their place before the image. The two groups are the Postgres
# and the Redis that 'canvas up' unpacks; 'serve' has no use for them.
RUN mvn -B -ntp package -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -DexcludeGroupIds=io.zonky.test.postgres,org.signal

FROM ${JRE_IMAGE}
LABEL org.opencontainers.image.title="Canvas" \
      org.opencontainers.image.description="Gives a product page its pictures and videos: HTTP, event bus, Redis, Postgres, on Vert.x 5." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /build/target/lib /opt/canvas/lib
COPY --from=build /build/target/canvas.jar /opt/canvas/
# The classes of a start, archived (class-data sharing): it takes two thirds of the time.
RUN java -XX:ArchiveClassesAtExit=/opt/canvas/canvas.jsa -jar /opt/canvas/canvas.jar train-cds >/dev/null
# A number, so that Kubernetes sees that it is not root; nothing is written but to /tmp.
USER 10001:10001
WORKDIR /opt/canvas
# The shop, and health and metrics. The latter bind to loopback unless CANVAS_MANAGEMENT_HOST says otherwise.
EXPOSE 1121 1122
# By bash, as there is no curl in a JRE image, and a JVM every few seconds would cost more than it tells.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/${CANVAS_MANAGEMENT_PORT:-1122} && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]
# Of the container's memory 60 % is heap: Netty's buffers, code and stacks need the rest. Without memory
# the process ends, and is started anew, rather than staying half alive. What a fault has shown to happen
# is compiled in for good, as by the launcher. JDK_JAVA_OPTIONS adds options.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-XX:PerMethodTrapLimit=1", \
  "-XX:SharedArchiveFile=/opt/canvas/canvas.jsa", "-Xlog:cds=off,cds+dynamic=off", "-jar", "/opt/canvas/canvas.jar"]
# Needs CANVAS_AUTH_MODE, which says who may write, and CANVAS_POSTGRES_URI; conf/canvas.yaml has the rest.
CMD ["serve"]
