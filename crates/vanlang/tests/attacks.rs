//! What somebody tries who means no good, across modules and tenants.

#[cfg(test)]
mod attacks {
    use base::{Date, PersonId};
    use contracts::{Document, Party, Sealed, Signer};
    use platform::exchange;
    use platform::organisations::{self, NewAgency, Tier};
    use platform::people::{self, NewPost};
    use serde_json::json;
    use testkit::{Person, Town};

    /// One more post for somebody, beside the one they have.
    fn post(town: &Town, person: PersonId, place: &str, (role, reach): (&'static str, &'static str)) {
        let agency = town.agency(place).id;
        town.act("phutho", move |cx| {
            let from = Date::parse("2017-01-01").unwrap();
            people::give_post(
                cx,
                person,
                &NewPost { agency, unit: None, title: "Kiêm nhiệm", role, reach, from },
            )?;
            cx.record("admin.act.person_added", ("person", person), agency);
            Ok(())
        });
    }

    /// Ends the post somebody has and gives them another in the same agency.
    fn repost(town: &Town, person: PersonId, place: &str, (role, reach): (&'static str, &'static str)) {
        let agency = town.agency(place).id;
        town.act("phutho", move |cx| {
            people::end_post(cx, person, agency, Date::parse("2017-10-01").unwrap())?;
            cx.record("admin.act.post_ended", ("person", person), agency);
            Ok(())
        });
        post(town, person, place, (role, reach));
    }

    fn letter(number: &str, to: &Party) -> Document {
        Document {
            document_id: format!("000.00.00.G22,2017/10/13,{number}/VPCP-KSTT"),
            number: number.to_owned(),
            notation: "VPCP-KSTT".to_owned(),
            place: "Hà Nội".to_owned(),
            promulgated: Date::parse("2017-10-13").unwrap(),
            type_name: "Công văn".to_owned(),
            subject: "Thu hồi toàn bộ con dấu".to_owned(),
            text: "Đề nghị thực hiện ngay.".to_owned(),
            signer: Signer {
                competence: String::new(),
                position: "Phó Chủ nhiệm".to_owned(),
                name: "Đặng Quốc Hưng".to_owned(),
            },
            due: None,
            urgency: 0,
            pages: 1,
            to: vec![to.clone()],
            to_places: Vec::new(),
            response_for: Vec::new(),
            forwards: None,
            trace: Vec::new(),
            attachments: Vec::new(),
            business: contracts::Business::New,
        }
    }

    fn paper(clerk: &Person<'_>, symbol: &str, subject: &str) -> String {
        clerk.get("/documents/incoming/new");
        let fields = [
            ("from_name", "Bộ Nội vụ"),
            ("symbol", symbol),
            ("promulgated", "2017-10-12"),
            ("type_name", "Giấy mời"),
            ("subject", subject),
        ];
        clerk.post("/documents/incoming", &fields).ok().path.clone()
    }

    /// Enters an agency that works in a tenant.
    fn found(town: &Town, tenant: &'static str, code: &'static str) -> base::AgencyId {
        town.act(tenant, move |cx| {
            let new = NewAgency {
                code_102: code.to_owned(),
                code_qd20: format!("{code}.Q"),
                name: "Sở Thử nghiệm".to_owned(),
                symbol: "STN".to_owned(),
                place: "Hà Nội".to_owned(),
                tier: Tier::Central,
                kind: "department".to_owned(),
                parent: None,
                local: true,
                valid_from: Date::parse("2017-01-01").unwrap(),
            };
            let id = organisations::add_agency(cx, &new)?;
            cx.record("admin.act.agency_added", ("agency", id), id);
            Ok(id)
        })
    }

    testkit::stories! {
        of [documents::module(), desk::module()];

        fn a_right_held_in_one_agency_finds_nothing_in_another(town: Town) {
            paper(&town.clerk("Việt Trì"), "41/GM-BNV", "Mời dự tập huấn văn thư");
            let officer = town.officer("Việt Trì");
            // In her own agency she holds no right to documents any more; in another she does.
            repost(&town, officer.id.unwrap(), "Việt Trì", ("guest", "own"));
            post(&town, officer.id.unwrap(), "Thanh Thủy", ("clerk", "own"));
            officer.get("/search?q=tap huan van thu").ok().lacks("41/GM-BNV");
            officer.get("/").lacks("Mời dự tập huấn văn thư");
            assert!(!officer.api("/search?q=tap%20huan", None).text().contains("41/GM-BNV"));
        }

        fn a_token_for_ones_own_desk_appoints_no_deputy(town: Town) {
            let leader = town.leader("Việt Trì");
            let deputy = town.officer("Việt Trì").id.unwrap().to_string();
            let ask = json!({
                "to_person": deputy, "from_at": "2017-10-16T09:00", "to_at": "2017-10-20T17:00", "reason": "x",
            });
            leader.api_once("/settings/delegation", "k", Some(&ask)).is(403);
            town.officer("Việt Trì").get("/settings/delegation").sees("Bạn không làm thay ai");
        }

        fn a_direction_names_nobody_of_another_agency(town: Town) {
            let clerk = town.clerk("Việt Trì");
            let page = paper(&clerk, "42/GM-BNV", "Mời họp");
            let leader = town.leader("Việt Trì");
            post(&town, leader.id.unwrap(), "Thanh Thủy", ("leader", "own"));
            leader.get(&page);
            let stranger = format!("person:{}", town.officer("Thanh Thủy").id.unwrap());
            leader.post(&format!("{page}/direct"), &[("lead", &stranger)]).is(422);
            town.officer("Thanh Thủy").get("/").lacks("Mời họp");
        }

        fn nobody_writes_in_the_name_of_another_tenants_agency_or_reads_its_letters(town: Town) {
            let (owner, code) = (found(&town, "chinhphu", "000.00.77.G77"), "000.00.77.G77");
            let rogue = found(&town, "phutho", code);
            let to = town.agency("Hà Nội");
            let party = Party { code: to.data.code.to_owned(), name: to.data.name.to_owned() };
            town.act("phutho", move |cx| {
                let sealed = Sealed::Document(Box::new(letter("1", &party)));
                exchange::send(cx, rogue, (sealed, std::slice::from_ref(&party), 0))?;
                cx.record("documents.act.issued", ("outgoing", rogue), rogue);
                Ok(())
            });
            // What is for the owner stays in its tenant, whoever else claims the code.
            let sender = to.id;
            town.act("chinhphu", move |cx| {
                let party = Party { code: code.to_owned(), name: "Sở Thử nghiệm".to_owned() };
                let sealed = Sealed::Document(Box::new(letter("2", &party)));
                exchange::send(cx, sender, (sealed, std::slice::from_ref(&party), 0))?;
                cx.record("documents.act.issued", ("outgoing", sender), sender);
                Ok(())
            });
            town.work();
            town.clerk("Hà Nội").get("/documents/incoming").ok().lacks("Thu hồi toàn bộ con dấu");
            let queued = town.read("phutho", exchange::queued);
            assert!(queued >= 1, "the forged letter waits for the operator");
            let sent = town.read("chinhphu", exchange::queued);
            assert_eq!(sent, 0, "the owner's letter has arrived");
            assert!(owner != rogue);
        }

        fn letters_without_a_shape_are_read_like_any_others(town: Town) {
            let clerk = town.clerk("Việt Trì");
            clerk.get("/search?q=%00").ok();
            clerk.get("/search?q=a%00b").ok();
            clerk.get(&format!("/search?q={}", "x+".repeat(2_000))).ok();
            clerk.get("/documents/incoming?symbol=%00%ff%27--").ok();
            let word = "dài".repeat(160);
            let page = paper(&clerk, "43/GM-BNV", &word);
            clerk.get(&format!("/search?q={}", "dai".repeat(160))).sees("43/GM-BNV");
            let reason = clerk.get(&page);
            reason.ok();
        }

        fn a_list_of_recipients_without_end_is_refused_at_its_field(town: Town) {
            let clerk = town.clerk("Việt Trì");
            clerk.get("/documents/outgoing/new");
            let to = town.agency("Phú Thọ").id.to_string();
            let mut fields = vec![("type_code", "CV"), ("subject", "Gửi tất cả")];
            fields.extend(std::iter::repeat_n(("to", to.as_str()), 6_000));
            clerk.post("/documents/outgoing", &fields).is(422).sees("Chọn quá nhiều");
        }

        fn a_stranger_who_claims_a_code_stops_nobody_elses_letters(town: Town) {
            let code = "000.00.77.G77";
            let owner = found(&town, "chinhphu", code);
            town.pass_minutes(1);
            let rogue = found(&town, "phutho", code);
            let (viet_tri, ha_noi) = (town.agency("Việt Trì"), town.agency("Hà Nội"));
            let party = |agency: &testkit::Agency| Party {
                code: agency.data.code.to_owned(),
                name: agency.data.name.to_owned(),
            };
            let nobody = Party { code: "000.00.00.X99".to_owned(), name: "Không có".to_owned() };
            // From the owner of the claimed code, from an honest neighbour of the rogue, to nobody, from the rogue.
            let letters = [
                ("chinhphu", owner, party(&viet_tri), "11"),
                ("phutho", viet_tri.id, party(&ha_noi), "12"),
                ("phutho", viet_tri.id, nobody, "13"),
                ("phutho", rogue, party(&ha_noi), "14"),
            ];
            for (tenant, from, to, number) in letters {
                town.act(tenant, move |cx| {
                    let sealed = Sealed::Document(Box::new(letter(number, &to)));
                    exchange::send(cx, from, (sealed, std::slice::from_ref(&to), 0))?;
                    cx.record("documents.act.issued", ("outgoing", from), from);
                    Ok(())
                });
            }
            town.work();
            let arrived = |tenant: &'static str| {
                let sql = "SELECT document_id FROM platform_inbox WHERE {scope} AND kind = 'document'";
                let sql = kernel::Sql::new(sql, file!());
                let all = town.read(tenant, move |cx| cx.rows::<(String,)>(&sql, &[]));
                all.into_iter().map(|(id,)| id.split(',').nth(2).unwrap().to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(arrived("phutho"), ["11/VPCP-KSTT"]);
            assert_eq!(arrived("chinhphu"), ["12/VPCP-KSTT"]);
            let troubled = town.read("phutho", exchange::troubled);
            let about = |code: &str| troubled.iter().find(|delivery| delivery.to_code == code).unwrap();
            assert_eq!(about("000.00.00.X99").state, "failed");
            let forged = about(ha_noi.data.code);
            assert_eq!((forged.state.as_str(), forged.error.as_str()), ("queued", "platform.exchange.contested"));
        }

        fn one_broken_envelope_holds_up_no_other(town: Town) {
            let (viet_tri, ha_noi) = (town.agency("Việt Trì"), town.agency("Hà Nội"));
            let to = Party { code: ha_noi.data.code.to_owned(), name: ha_noi.data.name.to_owned() };
            for number in ["21", "22", "23"] {
                let to = to.clone();
                town.act("phutho", move |cx| {
                    let mut document = letter(number, &to);
                    if number == "22" {
                        // Its file is in no store.
                        document.attachments.push(contracts::Attachment {
                            name: "mất.pdf".to_owned(),
                            content_type: "application/pdf".to_owned(),
                            bytes: 3,
                            sha256: "0".repeat(64),
                            role: "main".to_owned(),
                        });
                    }
                    let sealed = Sealed::Document(Box::new(document));
                    exchange::send(cx, viet_tri.id, (sealed, std::slice::from_ref(&to), 0))?;
                    cx.record("documents.act.issued", ("outgoing", viet_tri.id), viet_tri.id);
                    Ok(())
                });
            }
            let spoil = kernel::Sql::new("UPDATE platform_envelopes SET body = '{' WHERE {scope} AND body LIKE '%,21/VPCP%'", file!());
            let spoil = move |db: &dyn kernel::Database| db.execute(&spoil, &[]);
            town.wait(town.db("phutho").write(kernel::Scope::Everything, spoil)).unwrap();
            town.work();
            let arrived = kernel::Sql::new("SELECT count(*) FROM platform_inbox WHERE {scope} AND kind = 'document'", file!());
            assert_eq!(town.read("chinhphu", move |cx| cx.number(&arrived, &[])), 1);
            assert_eq!(town.read("phutho", exchange::troubled).len(), 2);
        }

        fn the_log_names_everybody_an_act_was_done_for_and_a_locked_link_ends_the_chain(town: Town) {
            let (leader, head) = (town.leader("Việt Trì").id.unwrap(), town.head("Việt Trì").id.unwrap());
            let clerk = town.clerk("Việt Trì");
            let (agency, me) = (town.agency("Việt Trì").id, clerk.id.unwrap());
            town.act("phutho", move |cx| {
                let (from, to) = (cx.now(), cx.now().plus_days(10));
                people::delegate(cx, (agency, leader, head), (from, to), "Đi công tác")?;
                people::delegate(cx, (agency, head, me), (from, to), "Nghỉ phép")?;
                cx.record("desk.act.delegated", ("person", leader), agency);
                Ok(())
            });
            let last = || {
                let sql = kernel::Sql::new("SELECT stands_for FROM kernel_audit WHERE {scope} ORDER BY seq DESC LIMIT 1", file!());
                town.read("phutho", move |cx| cx.one::<(String,)>(&sql, &[])).0
            };
            paper(&clerk, "51/GM-BNV", "Mời họp tổng kết");
            assert_eq!(last(), format!("{head} {leader}"));
            town.act("phutho", move |cx| {
                people::set_active(cx, head, false)?;
                cx.record("admin.act.person_locked", ("person", head), agency);
                Ok(())
            });
            paper(&clerk, "52/GM-BNV", "Mời họp giao ban");
            assert_eq!(last(), "");
        }
    }
}
