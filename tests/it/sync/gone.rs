//! What Zoom does not show is not always gone.

use serde_json::{Value, json};

use super::world::{HOST, World, at_zoom, busy};
use crate::support::{admin, meeting_on};

const READ: &str = "GET /meetings/{meetingId}";

impl World {
    /// Books a lesson that somebody attends.
    async fn lesson(&self) -> Value {
        let mut body = meeting_on("Lesson", "2027-03-10T09:00:00", HOST);
        body["attendees"] = json!([{"id": "u-ana", "email": "ana@x.example"}]);
        let booked = self.app.book(&admin(), &body).await;
        assert_eq!(self.work().await, 0);
        assert_eq!(self.app.mails().await.len(), 1);
        booked
    }

    /// Has Zoom tell that something of a meeting was changed.
    async fn touch(&self, meeting: &Value) {
        self.zoom("PATCH", &at_zoom(meeting), &json!({"agenda": "Bring a pen"})).await;
    }

    async fn is_untouched(&self, meeting: &Value) {
        assert_eq!(self.meeting(meeting).await["status"], "scheduled");
        assert_eq!(self.zoom("GET", &at_zoom(meeting), &Value::Null).await["topic"], "Lesson");
        assert_eq!(self.app.calls().await["zoom"]["DELETE /meetings/{meetingId}"], Value::Null);
        self.app.tick().await;
        assert_eq!(self.app.mails().await.len(), 1);
    }
}

#[tokio::test]
async fn a_404_that_is_not_zooms_says_nothing() {
    let world = World::listening().await;
    let booked = world.lesson().await;
    assert!(world.app.stack.clock().advance(600));
    world.app.fault(READ, "status_404", 3).await;
    world.touch(&booked).await;
    assert_eq!(world.work().await, 1);
    world.is_untouched(&booked).await;
}

#[tokio::test]
async fn what_zoom_does_not_know_yet_is_not_gone() {
    let world = World::listening().await;
    let booked = world.lesson().await;
    world.app.fault(READ, "not_there", 1).await;
    world.touch(&booked).await;
    assert_eq!(world.work().await, 1);
    world.is_untouched(&booked).await;
}

#[tokio::test]
async fn what_zoom_says_is_gone_is_cancelled_here_and_deleted_nowhere() {
    let world = World::listening().await;
    let booked = world.lesson().await;
    assert!(world.app.stack.clock().advance(600));
    world.app.fault(READ, "not_there", 1).await;
    world.touch(&booked).await;
    world.app.calls().await;
    assert_eq!(world.work().await, 0);
    assert_eq!(world.meeting(&booked).await["status"], "cancelled");
    assert_eq!(world.app.calls().await["zoom"]["DELETE /meetings/{meetingId}"], Value::Null);
    // Should it be there all the same, it takes its time as it stands.
    assert_eq!(world.repairs().await, [0, 0, 1, 0]);
    assert_eq!(world.busy(HOST).await, [busy("zoom", "2027-03-10T09:00:00Z")]);
}
