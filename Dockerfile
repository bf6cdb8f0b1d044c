# Builds the runnable layout, then keeps only that: docker build -t vitrine:0.1.0-SNAPSHOT .
FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -q dependency:go-offline -DincludeScope=runtime || true
COPY src src
COPY samples/catalogue samples/catalogue
RUN mvn -B -q -Prelease -Dmaven.test.skip=true -Dvitrine.archive.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:17.0.15_6-jre-noble
RUN useradd --system --uid 10001 --home-dir /opt/vitrine vitrine \
    && mkdir -p /opt/vitrine/target /opt/vitrine/models /data /inbox \
    && chown vitrine:vitrine /data /inbox /opt/vitrine/models
WORKDIR /opt/vitrine
COPY --from=build /src/target/vitrine target/vitrine
COPY vitrine ./
COPY routes routes
COPY kamelets kamelets
# The service's user may add models.
COPY --chown=vitrine:vitrine models models
COPY samples samples
# Here and not in the build: the archive fits only the JVM and the folder it was made for.
RUN ./vitrine make-class-archive
USER vitrine
# The service writes into /data (native libraries are unpacked into /data/cache and run there), /inbox, /tmp and, where
# models are installed, /opt/vitrine/models; so it runs with a read-only root file system:
# docker run --read-only --tmpfs /tmp -v data:/data -v inbox:/inbox -p 127.0.0.1:8080:8080 -e VITRINE_API_KEY=... IMAGE
ENV VITRINE_DATA_DIR=/data \
    VITRINE_INBOX=/inbox \
    VITRINE_HTTP_HOST=0.0.0.0 \
    VITRINE_RELOAD=off
VOLUME /data
EXPOSE 8080
# What is in flight has 8 s; then jobs are handed back and the parts close. docker stop -t 30 leaves time for that.
STOPSIGNAL SIGTERM
# Without a JVM: the shell asks for readiness itself.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${VITRINE_HTTP_PORT:-8080} && { [[ -n $VITRINE_TLS_CERT ]] || { printf 'GET /observe/health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r -t 9 line <&3 && [[ $line == *' 200 '* ]]; }; }"]
ENTRYPOINT ["./vitrine"]
CMD ["start"]
