package walk

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	rollcall "example/rollcall"
)

// A stream has no end, so it is read as it comes; the schemas of the document say what `data` is.
func TestFollowsWhatIsLive(t *testing.T) {
	request, err := http.NewRequest("GET", os.Getenv("ROLLCALL_URL")+"/v1/events", nil)
	check(t, err == nil, err)
	request.Header.Set("Authorization", "Bearer "+os.Getenv("ROLLCALL_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	check(t, err == nil, err)
	defer answer.Body.Close()
	check(t, answer.StatusCode == http.StatusOK, answer.Status)

	whole := map[string]int{}
	event := ""
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for len(whole) < 2 && lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "event:") {
			event = strings.TrimSpace(strings.TrimPrefix(line, "event:"))
		}
		if !strings.HasPrefix(line, "data:") || event != "snapshot" {
			continue
		}
		var snapshot rollcall.SnapshotEvent
		err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data:")), &snapshot)
		check(t, err == nil, err, line)
		check(t, snapshot.Entry.Status == rollcall.PROVIDEROUTCOMESTATUS_OK, snapshot.Entry)
		if snapshot.Last {
			whole[snapshot.Provider] = len(snapshot.Data)
		}
	}
	check(t, len(whole) == 2, whole, lines.Err())
}
