//! What the module owes the house.

#[test]
fn the_house_rules_hold() {
    kernel::house::house_rules(archives::module());
}

#[test]
fn what_it_asks_is_answered_by_another_module() {
    let modules = [archives::module(), documents::module()];
    let problems = kernel::house::problems_together(&modules, &[]);
    let questions: Vec<&String> = problems.iter().filter(|one| one.contains("question")).collect();
    assert!(questions.is_empty(), "{questions:#?}");
}
