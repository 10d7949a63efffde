//! Files that come by the exchange are read for the search: their own text, and what a machine reads off a scan.

use crate::story::{arrived, brought_out, drafted, pdf, press, rows};
use testkit::Attachment;

/// Words that stand in the file alone.
const LINE: &str = "Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; \
    Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; Khao sat dap thuy \
    dien Song Lo; Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; \
    Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; Khao sat dap thuy dien Song Lo; cong trinh";

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn what_stands_in_a_file_that_came_is_found(town: Town) {
        let (long, short) = (pdf(LINE, 0), pdf("Trong rung ven ho Thac Ba", 0));
        let files = [
            Attachment { field: "files", name: "khao-sat.pdf", bytes: &long },
            Attachment { field: "files", name: "quet.pdf", bytes: &short },
        ];
        let to = town.agency("Việt Trì").id.to_string();
        let page = drafted(&town, "Phú Thọ", ("Gửi tài liệu", &[("to", &to)]), &files);
        brought_out(&town, "Phú Thọ", &page);
        town.settle();
        let there = arrived(&town, "Việt Trì", "Gửi tài liệu");
        let clerk = town.clerk("Việt Trì");
        // Nobody waits for it: it is taken on before anything was read.
        press(&clerk, &there, "accept", &[]).ok();
        clerk.get("/search?q=khao+sat+dap+thuy+dien").lacks("Gửi tài liệu");
        town.set_clock(town.now().plus_minutes(2));
        town.settle();
        // One is being read while the other waits: the second turn takes it.
        town.set_clock(town.now().plus_minutes(2));
        town.settle();
        clerk.get("/search?q=khao+sat+dap+thuy+dien").sees("Gửi tài liệu");
        clerk.get("/search?q=rung+ven+ho+Thac+Ba").sees("Gửi tài liệu");
        town.clerk("Hùng Lô").get("/search?q=khao+sat+dap+thuy+dien").lacks("Gửi tài liệu");
        // What was given back is not found by its words any more.
        let sender = town.clerk("Phú Thọ");
        press(&sender, &page, "recall", &[("reason", "gửi nhầm")]);
        town.settle();
        let words = "SELECT count(*) FROM documents_scan_words WHERE {scope}";
        assert_eq!(rows::<(i64,)>(&town, "phutho", words), [(2,)]);
    }
}
