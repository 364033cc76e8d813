// Go's net/http and pgx: the receiver a Go team would write.
//
//	FORM=minimal  one insert into one plain table
//	FORM=same     one triage.ingest a delivery, into the same schema
//
// PORT, POOL, SECRET and libpq's PG* from the environment.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v4/pgxpool"
)

type change struct {
	Field string `json:"field"`
	Value struct {
		Item, Verb, Message string
		CommentID           string `json:"comment_id"`
		PostID              string `json:"post_id"`
		CreatedTime         int64  `json:"created_time"`
		From                struct {
			ID, Name  string
			Followers *int64 `json:"followers_count"`
		}
		Post struct {
			IsPublished bool `json:"is_published"`
		}
	} `json:"value"`
}

type document struct {
	Object string
	Entry  []struct {
		ID      string
		Changes []json.RawMessage
	}
}

type row struct {
	account             string
	change              change
	raw                 []byte
	urgency, visibility float32
	queue               string
	respond             int64
}

var words = []struct {
	word   string
	points float32
}{
	{"waiting", 8}, {"two weeks", 10}, {"nobody answers", 18}, {"today", 12},
	{"as soon as possible", 16}, {"urgent", 22}, {"immediately", 20},
	{"asap", 18}, {"stranded", 30}, {"cancelled", 22}, {"canceled", 22},
	{"delayed", 16}, {"missed", 14}, {"lost", 16}, {"stolen", 32},
	{"fraud", 34}, {"hacked", 30}, {"charged twice", 28},
	{"double charge", 28}, {"refund", 12}, {"money back", 14},
	{"blocked", 20}, {"locked out", 20}, {"not working", 14},
	{"broken", 12}, {"down again", 18}, {"outage", 22},
	{"no internet", 20}, {"dangerous", 30}, {"injured", 34}, {"fire", 24},
	{"smoke", 20}, {"lawyer", 24}, {"legal", 18}, {"press", 10},
	{"third time", 18}, {"still no", 14}, {"no reply", 16},
	{"disgusting", 8}, {"worst", 8},
}

func (r *row) score() {
	text := strings.ToLower(r.change.Value.Message)
	for _, w := range words {
		if strings.Contains(text, w.word) {
			r.urgency += w.points
		}
	}
	if r.urgency > 100 {
		r.urgency = 100
	}
	followers := int64(0)
	if r.change.Value.From.Followers != nil {
		followers = *r.change.Value.From.Followers
	}
	points := 10 * math.Log10(float64(followers)+1)
	if r.change.Value.Post.IsPublished {
		points += 40
	}
	r.visibility = float32(math.Min(100, math.Round(points)))
	switch {
	case r.urgency >= 80 && r.visibility >= 60:
		r.queue, r.respond = "crisis", 900
	case r.urgency >= 70:
		r.queue, r.respond = "urgent", 3600
	case r.urgency >= 40:
		r.queue, r.respond = "public", 14400
	default:
		r.queue, r.respond = "standard", 86400
	}
}

func rows(body []byte) ([]*row, error) {
	var doc document
	var out []*row
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	for _, entry := range doc.Entry {
		for _, raw := range entry.Changes {
			r := &row{account: entry.ID, raw: raw}
			if err := json.Unmarshal(raw, &r.change); err != nil {
				return nil, err
			}
			v := &r.change.Value
			if r.change.Field == "feed" && v.Item == "comment" && v.Verb == "add" {
				r.score()
				out = append(out, r)
			}
		}
	}
	return out, nil
}

const plain = `insert into plain (platform, external_id, author, text, urgency,
  visibility, queue, due_at, raw)
  values ('facebook', $1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (external_id) do nothing`

func keepMinimal(pool *pgxpool.Pool, body []byte, list []*row) error {
	for _, r := range list {
		v := &r.change.Value
		_, err := pool.Exec(context.Background(), plain, v.CommentID,
			v.From.Name, v.Message, int16(r.urgency), int16(r.visibility),
			r.queue, time.Unix(v.CreatedTime+r.respond, 0), r.raw)
		if err != nil {
			return err
		}
	}
	return nil
}

const ingest = `select triage.ingest(
  $1::text[], $2::text[], $3::timestamptz[], $4::bytea[], $5::text[],
  $6::int4[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
  $12::text[], $13::text[], $14::text[], $15::int8[], $16::bool[],
  $17::text[], $18::text[], $19::text[], ($20::text[])::json[], $21::text[],
  $22::timestamptz[], $23::real[], $24::real[], ($25::text[])::json[],
  $26::text[])`

func keepSame(pool *pgxpool.Pool, body []byte, list []*row) error {
	var ordinal []int32
	var account, id, event, thread, author, name, kind, audience []string
	var text, terms, queue []string
	var none []*string
	var followers []*int64
	var verified []*bool
	var sent []time.Time
	var urgency, visibility []float32
	for _, r := range list {
		v := &r.change.Value
		ordinal = append(ordinal, 1)
		account = append(account, r.account)
		id = append(id, v.CommentID)
		event = append(event, fmt.Sprintf("%s:%s:%d", v.CommentID, v.Verb, v.CreatedTime))
		thread = append(thread, v.PostID)
		author = append(author, v.From.ID)
		name = append(name, v.From.Name)
		none = append(none, nil)
		followers = append(followers, v.From.Followers)
		verified = append(verified, nil)
		kind = append(kind, "comment")
		audience = append(audience, "public")
		text = append(text, v.Message)
		sent = append(sent, time.Unix(v.CreatedTime, 0))
		urgency = append(urgency, r.urgency)
		visibility = append(visibility, r.visibility)
		terms = append(terms, fmt.Sprintf(`[{"signal":"words","urgency":%g,"visibility":0},{"signal":"reach","urgency":0,"visibility":%g}]`, r.urgency, r.visibility))
		queue = append(queue, r.queue)
	}
	_, err := pool.Exec(context.Background(), ingest,
		[]string{"facebook"}, []string{"acme"}, []time.Time{time.Now()},
		[][]byte{body}, []*string{nil}, ordinal, account, id, event, thread,
		none, author, name, none, followers, verified, kind, audience, text,
		none, none, sent, urgency, visibility, terms, queue)
	return err
}

func isGenuine(secret string, body []byte, header string) bool {
	given, err := hex.DecodeString(strings.TrimPrefix(header, "sha256="))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}

func main() {
	pool, err := pgxpool.Connect(context.Background(),
		"pool_max_conns="+os.Getenv("POOL"))
	if err != nil {
		log.Fatal(err)
	}
	keep := keepMinimal
	if os.Getenv("FORM") == "same" {
		keep = keepSame
	}
	secret := os.Getenv("SECRET")
	http.HandleFunc("/hooks/facebook", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
		if err != nil || !isGenuine(secret, body, r.Header.Get("X-Hub-Signature-256")) {
			w.WriteHeader(401)
			return
		}
		list, err := rows(body)
		if err != nil {
			w.WriteHeader(400)
			return
		}
		if err := keep(pool, body, list); err != nil {
			log.Print(err)
			w.WriteHeader(500)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
