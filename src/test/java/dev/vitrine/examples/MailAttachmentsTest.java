package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/mail-attachments.camel.yaml against GreenMail's IMAP server. */
class MailAttachmentsTest {
    private static final String PASSWORD = "a+b&c=d%20?";

    @TempDir
    private Path folder;

    private GreenMail server;
    private Site site;

    @BeforeEach
    void startServer() {
        server = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP)
        });
        server.start();
        server.setUser("pictures@shop.example", "pictures", PASSWORD);
        site = new Site(folder)
                .example("mail-attachments")
                .edit("mail-attachments", "uri: imaps", "uri: imap")
                .property("shop.mail.host", "127.0.0.1")
                .property("shop.mail.port", server.getImap().getPort())
                .property("shop.mail.username", "pictures")
                .property("shop.mail.password", PASSWORD)
                .property("shop.mail.delay", 200);
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    private void send(String subject, Map<String, byte[]> attachments) throws Exception {
        MimeMultipart parts = new MimeMultipart();
        MimeBodyPart text = new MimeBodyPart();
        text.setText("Please take these.");
        parts.addBodyPart(text);
        for (Map.Entry<String, byte[]> attachment : attachments.entrySet()) {
            MimeBodyPart part = new MimeBodyPart();
            part.setDataHandler(new DataHandler(new ByteArrayDataSource(attachment.getValue(), "image/jpeg")));
            part.setFileName(attachment.getKey());
            parts.addBodyPart(part);
        }
        MimeMessage mail = new MimeMessage(server.getSmtp().createSession());
        mail.setFrom("supplier@elsewhere.example");
        mail.setRecipients(Message.RecipientType.TO, "pictures@shop.example");
        mail.setSubject(subject);
        mail.setContent(parts);
        jakarta.mail.Transport.send(mail);
    }

    private int mails(String folderName) throws Exception {
        var box = server.getManagers()
                .getImapHostManager()
                .getFolder(server.getUserManager().getUser("pictures"), folderName);
        return box == null ? 0 : box.getMessageCount();
    }

    @Test
    void takesEveryPictureOfAMailAndPassesOverTheBadOnes() throws Exception {
        try (RunningVitrine service = site.start()) {
            send(
                    "Lampe à pied",
                    Map.of(
                            "lamp-1.jpg",
                            Pictures.jpeg(1),
                            "../../lamp-2.jpg",
                            Pictures.jpeg(2),
                            "offer.pdf",
                            "%PDF-1.7 not a picture".getBytes(StandardCharsets.UTF_8)));
            send("No picture at all", Map.of());

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Site.jobs(service).equals(List.of("lamp-1 completed", "lamp-2 completed")));
            await().until(() -> mails("Done") == 2 && mails("INBOX") == 0);
            assertThat(service.api().get("/products/lamp-1").body().toString()).contains("Lampe à pied");
            assertThat(service.keptFiles()).isEmpty();
        }
    }

    @Test
    void leavesMailsWhereTheyAreWhileNothingCanBeTaken() throws Exception {
        send("Lamp", Map.of("lamp-1.jpg", Pictures.jpeg(1)));
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "900000000GB").start()) {
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(mails("INBOX")).isEqualTo(1);
            assertThat(service.keptFiles()).isEmpty();
        }
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "1MB").start()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Site.jobs(service).equals(List.of("lamp-1 completed")));
            await().until(() -> mails("Done") == 1 && mails("INBOX") == 0);
        }
    }
}
