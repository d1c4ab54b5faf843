use rockpick::*;
fn main(){
 let t=std::time::Instant::now();
 let k=Knowledge::bundled();
 println!("load {:?}",t.elapsed());
 let c=&k.catalog;
 println!("models {} offers {} pairs {} prices {} profiles {} retired {} unpriced {}",c.models().len(),c.offers().len(),c.pairs(),c.prices().len(),c.profiles(),c.retired().len(),c.offers().iter().filter(|o|c.price(o).is_none()).count());
 println!("evidence {}",k.rules.evidence_rows());
 use rockpick::text::Text; use rockpick::classify::Reading;
 for a in std::env::args().skip(1){ let x=Text::new(&a); 
  let t=std::time::Instant::now();
  let r=k.rules.classifier().classify(&x,Reading::Need); let e=t.elapsed();
  println!("{a}: {:?} {e:?}",r.scores.iter().take(3).map(|(i,s)|(k.rules.classifier().names()[*i].clone(),*s)).collect::<Vec<_>>()); }
}
