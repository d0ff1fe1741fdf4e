package walk;

import static walk.Places.check;

import example.rollcall.model.ProviderOutcomeStatus;
import example.rollcall.model.SnapshotEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** A stream has no end, so it is read as it comes; the schemas of the document say what `data` is. */
final class Events {
  private Events() {}

  static void followsWhatIsLive() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(System.getenv("ROLLCALL_URL") + "/v1/events"))
            .header("Authorization", "Bearer " + System.getenv("ROLLCALL_TOKEN"))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    check(answer.statusCode() == 200, answer);
    Set<String> whole = new HashSet<>();
    String event = "";
    Iterator<String> lines = answer.body().iterator();
    while (whole.size() < 2) {
      String line = lines.next();
      if (line.startsWith("event:")) {
        event = line.substring("event:".length()).strip();
      }
      if (!line.startsWith("data:") || !event.equals("snapshot")) {
        continue;
      }
      SnapshotEvent snapshot = Places.JSON.readValue(line.substring("data:".length()), SnapshotEvent.class);
      check(snapshot.getEntry().getStatus() == ProviderOutcomeStatus.OK, snapshot);
      if (snapshot.getLast()) {
        whole.add(snapshot.getProvider());
      }
    }
  }
}
